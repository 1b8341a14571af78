package org.verifiableai.manifest;

import static org.verifiableai.manifest.ManifestChecks.CLOSING;
import static org.verifiableai.manifest.ManifestChecks.CLOSING_ALL;
import static org.verifiableai.manifest.ManifestChecks.CLOSING_GUEST;
import static org.verifiableai.manifest.ManifestChecks.CLOSING_REPORT;
import static org.verifiableai.manifest.ManifestChecks.CLOSING_REPORT_DATA;
import static org.verifiableai.manifest.ManifestChecks.CLOSING_SIGNATURE;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.VerificationKey;
import org.verifiableai.attestation.internal.Appraisal;
import org.verifiableai.attestation.machine.KeyBinding;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpEvidence;
import org.verifiableai.attestation.snp.SnpPolicy;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.SnpVerifier;

/** Judges the report with which a guest closes its job. What it needs of the manifest has been checked before. */
final class ClosingAppraisal {

    // Anybody can append a claim that says it closes the manifest; only so many are tried.
    private static final int MAX_CANDIDATES = 16;
    private static final Bytes NO_GUEST = Bytes.fromHex("ff".repeat(32));

    private final SnpVerifier snp;
    private final ManifestFolder folder;
    private final ProvenancePolicy policy;
    private final Appraisal appraisal;

    ClosingAppraisal(SnpVerifier snp, ManifestFolder folder, ProvenancePolicy policy, Appraisal appraisal) {
        this.snp = snp;
        this.folder = folder;
        this.policy = policy;
        this.appraisal = appraisal;
    }

    /** A claim and whether the manifest's key signed it. */
    private record Candidate(ClosingClaim claim, boolean signed) {}

    /** Enters every check as waived, and says whether the policy waives them. */
    boolean waived() {
        policy.closingWaiver().ifPresent(reason -> CLOSING_ALL.forEach(check -> appraisal.waive(check, reason)));
        return policy.closingWaiver().isPresent();
    }

    /**
     * Enters every check.
     *
     * @param manifest SHA-256 of the manifest's payload
     * @param claims the lines after the manifest
     * @param key the manifest's key
     * @param first the report that came before the job; null if it is none
     */
    void check(Bytes manifest, List<Bytes> claims, VerificationKey key, @Nullable SnpReport first) throws IOException {
        Candidate candidate = candidate(manifest, claims, key);
        if (candidate == null) {
            appraisal.fail(CLOSING, "closing report: expected one for the manifest " + manifest + ", found none");
            block(CLOSING);
            return;
        }
        SnpEvidence evidence;
        try {
            evidence = ManifestEvidence.readReport(candidate.claim().evidence(), folder);
        } catch (MalformedEvidenceException e) {
            appraisal.fail(CLOSING, "closing report: " + e.getMessage());
            block(CLOSING);
            return;
        }
        appraisal.pass(CLOSING, "a claim that closes the manifest " + manifest);
        appraisal.check(
                CLOSING_SIGNATURE,
                candidate.signed(),
                () -> "by the key of the manifest",
                () -> "closing claim: expected a signature by the key of the manifest, found another");
        report(KeyBinding.closingData(key.spki(), manifest), evidence, first);
    }

    private @Nullable Candidate candidate(Bytes manifest, List<Bytes> claims, VerificationKey key) {
        Candidate unsigned = null;
        int tried = 0;
        for (Bytes line : claims) {
            try {
                SignedManifest bundle = line.isEmpty() ? null : SignedManifest.parse(line);
                if (bundle == null || !ClosingClaim.isLikely(bundle.payload())) {
                    continue;
                }
                ClosingClaim claim = ClosingClaim.parse(bundle.payload());
                if (!claim.manifest().equals(manifest)) {
                    continue;
                }
                if (bundle.isSignedBy(key)) {
                    return new Candidate(claim, true);
                }
                unsigned = unsigned == null ? new Candidate(claim, false) : unsigned;
                if (++tried == MAX_CANDIDATES) {
                    break;
                }
            } catch (MalformedEvidenceException e) {
                // Other people's claims may be of any form, and one of ours that is broken closes nothing.
            }
        }
        return unsigned;
    }

    private void report(Bytes expected, SnpEvidence evidence, @Nullable SnpReport first) {
        SnpPolicy demands =
                policy.snp().toBuilder().expectedReportData(expected).build();
        Verdict<SnpReport> verdict = snp.verify(evidence, demands);
        closingReport(verdict);
        SnpReport last;
        try {
            last = SnpReport.parse(evidence.report());
        } catch (MalformedEvidenceException e) {
            appraisal.block(CLOSING_REPORT_DATA, CLOSING_REPORT);
            appraisal.block(CLOSING_GUEST, CLOSING_REPORT);
            return;
        }
        appraisal.check(
                CLOSING_REPORT_DATA,
                last.reportData().equals(expected),
                () -> "made from key and manifest",
                () -> "report data of the closing report: expected " + expected + ", found " + last.reportData());
        if (first == null) {
            appraisal.block(CLOSING_GUEST, SnpChecks.FORMAT);
            return;
        }
        List<String> differences = differences(first, last);
        appraisal.check(
                CLOSING_GUEST,
                differences.isEmpty(),
                () -> "the guest that began the job finished it, report id " + last.reportId(),
                () -> "closing report: " + String.join("; ", differences));
    }

    /** What is wrong with the first report as well is said once, there. */
    private void closingReport(Verdict<SnpReport> verdict) {
        Set<CheckId> said = new HashSet<>();
        for (CheckResult result : appraisal.results()) {
            if (result.outcome() == Outcome.FAILED) {
                said.add(result.id());
            }
        }
        List<String> defects = new ArrayList<>();
        CheckId shared = null;
        for (CheckResult result : verdict.failures()) {
            if (result.id().equals(SnpChecks.REPORT_DATA)) {
                continue; // a check of its own
            }
            if (said.contains(result.id())) {
                shared = result.id();
            } else {
                defects.add(result.id() + ": " + result.detail());
            }
        }
        if (defects.isEmpty() && shared != null) {
            appraisal.block(CLOSING_REPORT, shared);
            return;
        }
        appraisal.check(
                CLOSING_REPORT,
                defects.isEmpty(),
                () -> "genuine, and as the policy demands",
                () -> "closing report: " + String.join("; ", defects));
    }

    /** The firmware draws REPORT_ID for each guest that it launches; the others cannot change while a guest runs. */
    private static List<String> differences(SnpReport first, SnpReport last) {
        List<String> differences = new ArrayList<>();
        if (last.reportId().isZero() || last.reportId().equals(NO_GUEST)) {
            differences.add("report id must name a guest, found " + last.reportId());
        }
        difference("report id", first.reportId(), last.reportId(), differences);
        difference("chip id", first.chipId(), last.chipId(), differences);
        difference("measurement", first.measurement(), last.measurement(), differences);
        difference("host data", first.hostData(), last.hostData(), differences);
        difference("guest policy", first.policy(), last.policy(), differences);
        return differences;
    }

    private static void difference(String what, Object first, Object last, List<String> differences) {
        if (!first.equals(last)) {
            differences.add(what + " must be that of the first report, " + first + ", found " + last);
        }
    }

    private void block(CheckId blocker) {
        CLOSING_ALL.stream().filter(check -> !check.equals(blocker)).forEach(check -> appraisal.block(check, blocker));
    }
}
