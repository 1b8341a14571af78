package org.verifiableai.attestation.nvidia;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.RevocationStatus;
import org.verifiableai.attestation.internal.Appraisal;
import org.verifiableai.attestation.nvidia.Findings.Finding;
import org.verifiableai.attestation.nvidia.Findings.Kind;

/**
 * Puts what came of a check of each device together as what came of it for all. It fails if it fails for one; it passes only
 * if it passes for every device to which it applies, so that what was waived for one is never told as passed.
 */
final class FindingsOfAll {

    // What is worst first. A reason that is none of these has no rank.
    private static final List<RevocationStatus> BY_GRAVITY = List.of(
            RevocationStatus.REVOKED,
            RevocationStatus.HELD,
            RevocationStatus.BAD_SIGNATURE,
            RevocationStatus.UNKNOWN,
            RevocationStatus.STALE,
            RevocationStatus.UNAVAILABLE,
            RevocationStatus.GOOD);

    private final Map<String, Findings> devices;

    /** Of each device by its name, in the order of the evidence; at least one. */
    FindingsOfAll(Map<String, Findings> devices) {
        this.devices = new LinkedHashMap<>(devices);
    }

    void enter(Appraisal appraisal) {
        GpuChecks.OF_A_DEVICE.forEach(id -> ofAll(id).enter(appraisal));
    }

    private Finding ofAll(CheckId id) {
        Map<String, Finding> found = new LinkedHashMap<>();
        devices.forEach((name, findings) -> found.put(name, findings.of(id)));
        Kind worst =
                found.values().stream().map(Finding::kind).min(Kind::compareTo).orElseThrow();
        found.values().removeIf(finding -> finding.kind() != worst);
        Finding first = found.values().iterator().next();
        return new Finding(id, worst, reason(found), detail(found), first.blocker());
    }

    /** The gravest word among several, and otherwise the first. */
    private static String reason(Map<String, Finding> found) {
        List<String> reasons =
                found.values().stream().map(Finding::reason).distinct().toList();
        return BY_GRAVITY.stream()
                .map(RevocationStatus::reason)
                .filter(reasons::contains)
                .findFirst()
                .orElse(reasons.get(0));
    }

    private String detail(Map<String, Finding> found) {
        Map<String, List<String>> names = new LinkedHashMap<>();
        found.forEach((name, finding) -> names.computeIfAbsent(finding.detail(), detail -> new ArrayList<>())
                .add(name));
        if (names.size() == 1 && found.size() == devices.size()) {
            return names.keySet().iterator().next();
        }
        return names.entrySet().stream()
                .map(entry -> String.join(", ", entry.getValue()) + ": " + entry.getKey())
                .collect(Collectors.joining("; "));
    }

    /** The gravest of several statuses. */
    static Optional<RevocationStatus> gravest(List<RevocationStatus> statuses) {
        return BY_GRAVITY.stream().filter(statuses::contains).findFirst();
    }

    /** A device's name from its kind and number. */
    static String name(DeviceKind kind, int number) {
        return kind.name().toUpperCase(Locale.ROOT) + "-" + number;
    }
}
