package org.verifiableai.attestation.nvidia;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

/** The manifests that came along with evidence, each read and checked once for all devices. Immutable. */
final class RimShelf {

    /** No manifests, for a policy that looks at none. */
    static final RimShelf EMPTY = new RimShelf(List.of(), List.of());

    private static final int MAX_NAMED = 8;

    private final List<CheckedRim> rims;
    private final List<String> unreadable;

    private RimShelf(List<CheckedRim> rims, List<String> unreadable) {
        this.rims = List.copyOf(rims);
        this.unreadable = List.copyOf(unreadable);
    }

    static RimShelf of(List<Bytes> documents, RimChecker checker) {
        List<CheckedRim> rims = new ArrayList<>();
        List<String> unreadable = new ArrayList<>();
        for (Bytes xml : documents) {
            try {
                rims.add(checker.check(xml));
            } catch (MalformedEvidenceException e) {
                unreadable.add(e.getMessage());
            }
        }
        return new RimShelf(rims, unreadable);
    }

    /** The manifests of a report's version and product, in the order in which they came. */
    List<CheckedRim> candidates(RimRole role, GpuReport report, GpuArchitecture architecture) {
        return rims.stream()
                .filter(rim -> role.matches(rim.rim(), report)
                        && architecture.isProduct(rim.rim().product()))
                .toList();
    }

    /** What there is where the right one is missing. */
    String inventory() {
        String found = rims.isEmpty()
                ? "none"
                : "those of "
                        + rims.stream()
                                .limit(MAX_NAMED)
                                .map(rim ->
                                        rim.rim().product() + " " + rim.rim().version())
                                .collect(Collectors.joining(", "))
                        + (rims.size() > MAX_NAMED ? " and " + (rims.size() - MAX_NAMED) + " more" : "");
        return unreadable.isEmpty()
                ? found
                : found + ", and " + unreadable.size() + " that cannot be read (" + unreadable.get(0) + ")";
    }
}
