package org.verifiableai.attestation.nvidia;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.RevocationStatus;
import org.verifiableai.attestation.internal.x509.OcspAnswers;
import org.verifiableai.attestation.internal.x509.OcspFinding;
import org.verifiableai.attestation.internal.x509.OcspLink;
import org.verifiableai.attestation.internal.x509.X509Cert;

/**
 * What a policy makes of the answers about the certificates of one chain. Immutable.
 *
 * @param policy the policy
 * @param answers the answers that came along, which are read and verified once for all devices
 */
record RevocationRule(GpuPolicy policy, OcspAnswers answers) {

    /** The certificates from {@code first} on, each with the one after it, which issued it. */
    static List<OcspLink> links(List<X509Cert> chain, int first) {
        List<OcspLink> links = new ArrayList<>();
        for (int i = first; i + 1 < chain.size(); i++) {
            links.add(new OcspLink(chain.get(i), chain.get(i + 1)));
        }
        return List.copyOf(links);
    }

    /** Enters what the answers say of {@code links}, of whose signatures the caller knows. */
    void check(CheckId id, List<OcspLink> links, Findings findings) {
        if (policy.revocation() == Revocation.OFF) {
            findings.waive(id, policy.revocationReason().orElse(""));
            return;
        }
        List<OcspFinding> found = answers.examine(links);
        List<OcspFinding> wanting = found.stream()
                .filter(finding -> finding.status() != RevocationStatus.GOOD)
                .toList();
        List<OcspFinding> unacceptable = wanting.stream()
                .filter(finding -> finding.status() != RevocationStatus.HELD
                        || policy.holdWaiver().isEmpty())
                .toList();
        if (wanting.isEmpty()) {
            findings.check(id, true, RevocationStatus.GOOD.reason(), "good: " + details(found));
        } else if (unacceptable.isEmpty()) {
            findings.check(
                    id,
                    true,
                    RevocationStatus.HELD.reason(),
                    details(wanting) + "; allowed by policy: "
                            + policy.holdWaiver().orElse(""));
        } else {
            RevocationStatus status = FindingsOfAll.gravest(
                            unacceptable.stream().map(OcspFinding::status).toList())
                    .orElseThrow();
            // Unavailable is the least grave: nothing else is wrong.
            if (status == RevocationStatus.UNAVAILABLE && policy.revocation() == Revocation.USE_IF_AVAILABLE) {
                findings.waive(id, status.reason(), policy.revocationReason().orElse("") + "; " + details(wanting));
            } else {
                findings.check(id, false, status.reason(), details(unacceptable));
            }
        }
    }

    /** Whether {@link #check} would enter no failure. */
    boolean bearable(List<OcspLink> links) {
        Findings trial = new Findings();
        check(GpuChecks.REVOCATION, links, trial);
        return trial.of(GpuChecks.REVOCATION).kind() != Findings.Kind.FAILED;
    }

    private static String details(List<OcspFinding> findings) {
        return findings.stream().map(OcspFinding::detail).collect(Collectors.joining("; "));
    }
}
