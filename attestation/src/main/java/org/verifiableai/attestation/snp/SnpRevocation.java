package org.verifiableai.attestation.snp;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
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
        List<RevocationList> ofRoot = lists.stream()
                .filter(list -> root.name().equals(list.issuer().commonName().orElse("")))
                .toList();
        List<RevocationList> genuine = ofRoot.stream().filter(signedByRoot).toList();
        Optional<RevocationList> revoking =
                genuine.stream().filter(list -> revokes(list, now)).findFirst();
        Optional<RevocationList> current =
                genuine.stream().filter(list -> list.currentAt(now)).findFirst();
        if (revoking.isPresent()) {
            enter(
                    appraisal,
                    RevocationStatus.REVOKED,
                    named(names(revoking.get(), issuer) ? issuer : root) + " is revoked by the list of "
                            + revoking.get().thisUpdate());
        } else if (current.isPresent()) {
            enter(
                    appraisal,
                    RevocationStatus.GOOD,
                    named(issuer) + " is not on the list of " + current.get().thisUpdate());
        } else if (!genuine.isEmpty()) {
            // A list that is there and cannot be used is not the same as none: somebody may be hiding an answer.
            enter(appraisal, RevocationStatus.STALE, stale(genuine, now));
        } else if (!ofRoot.isEmpty()) {
            enter(
                    appraisal,
                    RevocationStatus.BAD_SIGNATURE,
                    "a list in the name of " + root.name() + " is not signed by the pinned key");
        } else {
            enterUnavailable(appraisal, policy, lists.size());
        }
    }

    /**
     * Whether a list withdraws a certificate of the chain. It does so for good: neither a newer list that is silent nor
     * the list's own age undoes it.
     */
    private boolean revokes(RevocationList list, Instant now) {
        return !now.isBefore(list.thisUpdate()) && (names(list, issuer) || names(list, root));
    }

    private String stale(List<RevocationList> genuine, Instant now) {
        RevocationList latest = genuine.stream()
                .max(Comparator.comparing(RevocationList::nextUpdate))
                .orElseThrow();
        return "the list of " + root.name() + " is current from " + latest.thisUpdate() + " to before "
                + latest.nextUpdate() + ", not at " + now;
    }

    private void enterUnavailable(Appraisal appraisal, SnpPolicy policy, int foreign) {
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

    private static boolean names(RevocationList list, Issuer authority) {
        return list.revoked().contains(authority.serialNumber());
    }

    private static String named(Issuer authority) {
        return authority.name() + ", serial " + authority.serialNumber().toString(16) + ",";
    }

    private static void enter(Appraisal appraisal, RevocationStatus status, String detail) {
        appraisal.check(SnpChecks.REVOCATION, status == RevocationStatus.GOOD, status.reason(), detail);
    }
}
