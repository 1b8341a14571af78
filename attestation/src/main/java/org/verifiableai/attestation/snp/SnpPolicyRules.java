package org.verifiableai.attestation.snp;

import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.internal.Appraisal;

/** Compares a report with a policy, one check a demand, in the order of {@link SnpChecks#ALL}. */
final class SnpPolicyRules {

    private final SnpReport report;
    private final VekCertificate vek;
    private final ProductLine line;
    private final Demands demands;

    SnpPolicyRules(SnpReport report, VekCertificate vek, ProductLine line, SnpPolicy policy) {
        this.report = report;
        this.vek = vek;
        this.line = line;
        this.demands = policy.demands();
    }

    void check(Appraisal appraisal) {
        checkAllowedChip(appraisal);
        checkCsp(appraisal);
        GuestPolicyRules.check(appraisal, demands, report.policy());
        PlatformRules.check(appraisal, demands, report.platformInfo());
        new IdentityRules(appraisal, demands, report).check();
        new FirmwareRules(appraisal, demands, report, line).check();
    }

    private void checkAllowedChip(Appraisal appraisal) {
        Bytes chip = report.chipId();
        Rule.demanded(
                appraisal,
                SnpChecks.CHIP_ALLOWED,
                !demands.allowedChips.isEmpty(),
                demands.allowedChips.contains(chip),
                () -> "chip " + chip,
                () -> "expected one of " + demands.allowedChips.size() + " allowed chips, found "
                        + (chip.isZero() ? "none (masked)" : chip));
    }

    /** The provider stands in the certificate of a VLEK alone. */
    private void checkCsp(Appraisal appraisal) {
        String csp = vek.cspId();
        Rule.demanded(
                appraisal,
                SnpChecks.CSP_ID,
                !demands.allowedCsps.isEmpty(),
                csp != null && demands.allowedCsps.contains(csp),
                () -> "provider " + csp,
                () -> "expected one of " + demands.allowedCsps + ", found "
                        + (csp == null ? "a VCEK, which names no provider" : csp));
    }
}
