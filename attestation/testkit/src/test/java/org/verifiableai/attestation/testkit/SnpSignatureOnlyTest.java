package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.verifiableai.attestation.testkit.SnpLab.GENOA;
import static org.verifiableai.attestation.testkit.SnpLab.PLATFORM;
import static org.verifiableai.attestation.testkit.SnpLab.REPORT_DATA;
import static org.verifiableai.attestation.testkit.SnpLab.TCB;
import static org.verifiableai.attestation.testkit.SnpLab.VLEK;
import static org.verifiableai.attestation.testkit.SnpLab.check;
import static org.verifiableai.attestation.testkit.SnpLab.failed;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckResult;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Revocation;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpEvidence;

/** Reports of which only the signature is looked at. */
class SnpSignatureOnlyTest {

    private static final SoftwareSnpPlatform TO_COME = PLATFORM.withVersion(6)
            .withKeyInfo(-1)
            .withCpu(0x1A, 0x50, 0)
            .withPolicy(-1)
            .withVmpl(-1);

    @Test
    void theSignatureOfAnUnknownVersionIsCheckedAndNothingElseOfIt() throws Exception {
        SnpEvidence evidence = TO_COME.report(REPORT_DATA);

        Verdict<Bytes> verdict = verify(evidence);

        assertThat(verdict.failures()).isEmpty();
        assertThat(verdict.checks()).extracting(CheckResult::id).containsExactlyElementsOf(SnpChecks.ALL);
        assertThat(verdict.checks().stream()
                        .filter(c -> c.outcome() == Outcome.PASSED)
                        .map(CheckResult::id))
                .containsExactly(
                        SnpChecks.FORMAT,
                        SnpChecks.CHAIN,
                        SnpChecks.VALIDITY,
                        SnpChecks.REVOCATION,
                        SnpChecks.SIGNATURE);
        assertThat(verdict.checks().stream().filter(c -> c.outcome() != Outcome.PASSED))
                .allSatisfy(c ->
                        assertThat(c.detail()).contains("signature only: report version 6 is not known; new firmware"));
        assertThat(verdict.orElseThrow().value()).isEqualTo(evidence.report().slice(0, 672));
        assertThat(verdict.orElseThrow().facts())
                .containsEntry("version", "6")
                .containsEntry("product", "Genoa")
                .containsEntry("signer", "VCEK")
                .containsKeys("vekSha256", "evaluatedAt", "signatureEngine")
                .hasSize(6);
    }

    @Test
    void aKnownVersionIsNotCalledUnknown() {
        Verdict<Bytes> verdict = verify(PLATFORM.report(REPORT_DATA));

        assertThat(verdict.failures()).isEmpty();
        assertThat(check(verdict, SnpChecks.REPORT_DATA).detail())
                .isEqualTo("waived by policy: signature only: report version 3; new firmware");
    }

    @Test
    void aVlekSignsToo() throws Exception {
        assertThat(verify(VLEK.withVersion(7).report(REPORT_DATA)).orElseThrow().facts())
                .containsEntry("signer", "VLEK")
                .containsEntry("cspId", SnpLab.CSP);
    }

    @Test
    void everySignedByteCounts() {
        SnpEvidence evidence = TO_COME.report(REPORT_DATA);
        for (int offset = 0; offset < 672; offset += 13) {
            byte[] raw = evidence.report().toByteArray();
            raw[offset] ^= 0x40;

            assertThat(failed(verify(withReport(evidence, Bytes.of(raw)))))
                    .as("byte " + offset)
                    .containsAnyOf(SnpChecks.SIGNATURE, SnpChecks.FORMAT);
        }
    }

    @Test
    void anotherKeyAndAnotherRootFail() {
        SnpEvidence otherKey = TO_COME.withKeyOf(GENOA.platform(TCB)).report(REPORT_DATA);
        SnpEvidence evidence = TO_COME.report(REPORT_DATA);

        assertThat(failed(verify(otherKey))).containsExactly(SnpChecks.SIGNATURE);
        assertThat(failed(SnpLab.verifier(SnpLab.TURIN)
                        .verifySignatureOnly(evidence, Revocation.USE_IF_AVAILABLE, "new firmware")))
                .containsExactly(SnpChecks.CHAIN);
    }

    @Test
    void revocationIsLookedAtAsTold() {
        SoftwareSnpPlatform none = TO_COME.withRevocationLists(List.of());
        SnpEvidence evidence = none.report(REPORT_DATA);

        assertThat(failed(verify(evidence))).containsExactly(SnpChecks.REVOCATION);
        for (Revocation revocation : List.of(Revocation.USE_IF_AVAILABLE, Revocation.OFF)) {
            assertThat(failed(SnpLab.verifier(GENOA).verifySignatureOnly(evidence, revocation, "new firmware")))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void versionsThatNeverWereAreRefused(int version) {
        Verdict<Bytes> verdict = verify(PLATFORM.withVersion(version).report(REPORT_DATA));

        assertThat(failed(verdict)).containsExactly(SnpChecks.FORMAT);
        assertThat(verdict.checks()).extracting(CheckResult::id).containsExactlyElementsOf(SnpChecks.ALL);
    }

    @Test
    void anotherAlgorithmLengthOrPaddingIsRefused() {
        SnpEvidence evidence = TO_COME.report(REPORT_DATA);
        byte[] padded = evidence.report().toByteArray();
        padded[0x2A0 + 48] = 1;

        assertThat(failed(verify(TO_COME.with(0x034, Bytes.of((byte) 2)).report(REPORT_DATA))))
                .containsExactly(SnpChecks.FORMAT);
        assertThat(failed(verify(withReport(evidence, Bytes.of(padded))))).containsExactly(SnpChecks.FORMAT);
        assertThat(failed(verify(withReport(evidence, evidence.report().concat(Bytes.zeros(1))))))
                .containsExactly(SnpChecks.FORMAT);
    }

    @Test
    void aReasonIsNeeded() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnpLab.verifier(GENOA)
                        .verifySignatureOnly(TO_COME.report(REPORT_DATA), Revocation.REQUIRE, " "));
    }

    private static Verdict<Bytes> verify(SnpEvidence evidence) {
        return SnpLab.verifier(GENOA).verifySignatureOnly(evidence, Revocation.REQUIRE, "new firmware");
    }

    private static SnpEvidence withReport(SnpEvidence evidence, Bytes report) {
        return new SnpEvidence(report, evidence.vek(), evidence.authorities(), evidence.revocationLists());
    }
}
