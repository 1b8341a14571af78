package org.verifiableai.attestation.snp;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.RevocationStatus;
import org.verifiableai.attestation.internal.Appraisal;
import org.verifiableai.attestation.internal.x509.RevocationList;

/**
 * Whether the root has withdrawn the ASK or ASVK, or itself (57230, and RFC 5280, section 5). VEKs are on no list: newer
 * firmware replaces them.
 */
final class SnpRevocation {

    private final Issuer issuer;
    private final Issuer root;
    private final Predicate<RevocationList> signedByRoot;

    SnpRevocation(Issuer issuer, Issuer root, Predicate<RevocationList> signedByRoot) {
        this.issuer = issuer;
        this.root = root;
        this.signedByRoot = signedByRoot;
    }

    void check(Appraisal appraisal, SnpPolicy policy, List<RevocationList> lists, Instant now) {
        List<RevocationList> genuine = new ArrayList<>();
        int forged = 0;
        int foreign = 0;
        for (RevocationList list : lists) {
            if (!root.name().equals(list.issuer().commonName().orElse(""))) {
                foreign++;
            } else if (signedByRoot.test(list)) {
                genuine.add(list);
            } else {
                forged++;
            }
        }
        for (RevocationList list : genuine) {
            // A certificate is withdrawn for good: neither a newer list that is silent nor the list's own age undoes
            // it.
            if (!now.isBefore(list.thisUpdate()) && (revokes(list, issuer) || revokes(list, root))) {
                enter(
                        appraisal,
                        RevocationStatus.REVOKED,
                        named(revokes(list, issuer) ? issuer : root) + " is revoked by the list of "
                                + list.thisUpdate());
                return;
            }
        }
        for (RevocationList list : genuine) {
            if (list.currentAt(now)) {
                enter(appraisal, RevocationStatus.GOOD, named(issuer) + " is not on the list of " + list.thisUpdate());
                return;
            }
        }
        // A list that is there and cannot be used is not the same as none: somebody may be hiding an answer.
        if (!genuine.isEmpty()) {
            RevocationList latest = genuine.stream()
                    .max(Comparator.comparing(RevocationList::nextUpdate))
                    .get();
            enter(
                    appraisal,
                    RevocationStatus.STALE,
                    "the list of " + root.name() + " is current from " + latest.thisUpdate() + " to before "
                            + latest.nextUpdate() + ", not at " + now);
        } else if (forged > 0) {
            enter(
                    appraisal,
                    RevocationStatus.BAD_SIGNATURE,
                    "a list in the name of " + root.name() + " is not signed by the pinned key");
        } else {
            String found = "expected a revocation list of " + root.name() + ", found "
                    + (foreign == 0 ? "none" : foreign + " of others");
            if (policy.revocation() == Revocation.USE_IF_AVAILABLE) {
                appraisal.waive(
                        SnpChecks.REVOCATION,
                        RevocationStatus.UNAVAILABLE.reason(),
                        policy.revocationWaiver().orElse("") + "; " + found);
            } else {
                enter(appraisal, RevocationStatus.UNAVAILABLE, found);
            }
        }
    }

    private static boolean revokes(RevocationList list, Issuer authority) {
        return list.revoked().contains(authority.serialNumber());
    }

    private static String named(Issuer authority) {
        return authority.name() + ", serial " + authority.serialNumber().toString(16) + ",";
    }

    private static void enter(Appraisal appraisal, RevocationStatus status, String detail) {
        appraisal.check(SnpChecks.REVOCATION, status == RevocationStatus.GOOD, status.reason(), detail);
    }
}
