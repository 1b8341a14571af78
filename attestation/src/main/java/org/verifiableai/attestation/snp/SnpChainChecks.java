package org.verifiableai.attestation.snp;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.internal.Appraisal;
import org.verifiableai.attestation.snp.SnpChain.Validity;

/** The checks of a VEK's certificates: that they form a chain, that all are valid, and that none was revoked. */
final class SnpChainChecks {

    private final SnpAuthorities authorities;
    private final ParsedEvidence evidence;
    private final ProductLine line;

    SnpChainChecks(SnpAuthorities authorities, ParsedEvidence evidence, ProductLine line) {
        this.authorities = authorities;
        this.evidence = evidence;
        this.line = line;
    }

    /** Enters the checks and returns the chain; null if there is none. */
    @Nullable
    SnpChain check(Appraisal appraisal, SnpPolicy policy, Instant now) {
        SnpChain chain = checkChain(appraisal);
        checkValidity(appraisal, chain == null ? Validity.of(evidence.certificates()) : chain.validities(), now);
        if (policy.revocation() == Revocation.OFF) {
            appraisal.waive(SnpChecks.REVOCATION, policy.revocationWaiver().orElse(""));
        } else if (chain == null) {
            appraisal.block(SnpChecks.REVOCATION, SnpChecks.CHAIN);
        } else {
            new SnpRevocation(chain.issuer(), chain.root(), list -> authorities.signed(line, chain.root(), list))
                    .check(appraisal, policy, evidence.revocationLists(), now);
        }
        return chain;
    }

    private @Nullable SnpChain checkChain(Appraisal appraisal) {
        try {
            SnpChain known = evidence.known();
            // What is kept of a chain is only good for the line that its VEK names.
            SnpChain chain = known != null && evidence.vek().productLine() == line
                    ? known
                    : authorities.connect(evidence.certificates(), line);
            appraisal.pass(SnpChecks.CHAIN, chain.path());
            return chain;
        } catch (BrokenChainException e) {
            appraisal.fail(SnpChecks.CHAIN, e.reason());
            return null;
        }
    }

    private static void checkValidity(Appraisal appraisal, List<Validity> all, Instant now) {
        List<String> outside = new ArrayList<>();
        for (Validity validity : all) {
            if (!validity.covers(now)) {
                outside.add(validity.toString());
            }
        }
        appraisal.check(
                SnpChecks.VALIDITY,
                outside.isEmpty(),
                () -> all.size() + " certificates are valid at " + now,
                () -> "at " + now + ": " + String.join("; ", outside));
    }
}
