package org.verifiableai.attestation.internal.http;

import java.util.List;
import java.util.stream.Collectors;
import org.verifiableai.attestation.EvidenceUnavailableException;

/** Makes one failure of several. */
public final class Failures {

    private Failures() {}

    /** The only one, or one that names each: retryable if one of them is, since then a later call may do better. */
    public static EvidenceUnavailableException joined(List<EvidenceUnavailableException> failures) {
        EvidenceUnavailableException first = failures.get(0);
        if (failures.size() == 1) {
            return first;
        }
        EvidenceUnavailableException joined = new EvidenceUnavailableException(
                failures.stream().map(Throwable::getMessage).distinct().collect(Collectors.joining("; ")),
                failures.stream().anyMatch(EvidenceUnavailableException::retryable),
                first);
        failures.stream().skip(1).filter(e -> e != first).forEach(joined::addSuppressed);
        return joined;
    }
}
