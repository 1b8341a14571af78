package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.verifiableai.attestation.testkit.SnpLab.GENOA;
import static org.verifiableai.attestation.testkit.SnpLab.PLATFORM;
import static org.verifiableai.attestation.testkit.SnpLab.REPORT_DATA;
import static org.verifiableai.attestation.testkit.SnpLab.TCB;
import static org.verifiableai.attestation.testkit.SnpLab.VLEK;
import static org.verifiableai.attestation.testkit.SnpLab.check;
import static org.verifiableai.attestation.testkit.SnpLab.verify;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.CheckId;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.ProductLine;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpReport;
import org.verifiableai.attestation.snp.TcbVersion;

/** What the checks of a report say, word by word: a relying party that stores a verdict reads nothing else. */
class SnpVerdictWordsTest {

    private static final int KEY_INFO = 0x048;
    private static final int CPUID = 0x188;
    private static final int CHIP_ID = 0x1A0;
    private static final Bytes CHIP = PLATFORM.report(REPORT_DATA).report().slice(CHIP_ID, CHIP_ID + 64);

    @Test
    void anAcceptanceSaysWhatWasFound() {
        Verdict<SnpReport> verdict = verify(PLATFORM, p -> p);

        says(verdict, SnpChecks.PRODUCT, Outcome.PASSED, "Genoa, family 19h model 11h stepping 1");
        says(verdict, SnpChecks.SIGNING_KEY, Outcome.PASSED, "VCEK");
        says(verdict, SnpChecks.TCB_CERTIFICATE, Outcome.PASSED, "both are " + TCB);
        says(verdict, SnpChecks.CHIP_ID, Outcome.PASSED, "both are " + CHIP);
        assertThat(check(verdict, SnpChecks.SIGNATURE).detail())
                .matches("ECDSA P-384 over 672 bytes, key [0-9a-f]{64}");
    }

    @Test
    void aReportThatDoesNotNameItsProcessorIsOfTheCertificatesLine() {
        Verdict<SnpReport> verdict = verify(PLATFORM.withVersion(2).with(CPUID, Bytes.zeros(3)), p -> p);

        says(verdict, SnpChecks.PRODUCT, Outcome.PASSED, "Genoa, by the certificate");
    }

    @Test
    void anotherProductIsNamedOnAllSides() {
        says(
                verify(PLATFORM, p -> p.productLine(ProductLine.MILAN)),
                SnpChecks.PRODUCT,
                Outcome.FAILED,
                "report is of Genoa, certificate of Genoa, policy demands Milan");
        Verdict<SnpReport> milan = verify(PLATFORM.with(CPUID, Bytes.fromHex("190101")), p -> p);
        says(milan, SnpChecks.PRODUCT, Outcome.FAILED, "report is of Milan, certificate of Genoa");
        says(milan, SnpChecks.TCB_CERTIFICATE, Outcome.NOT_EVALUATED, "could not run because snp.product failed");
    }

    @Test
    void anUnknownProcessorIsNamed() {
        says(
                verify(PLATFORM.with(CPUID, Bytes.fromHex("1a5001")), p -> p),
                SnpChecks.PRODUCT,
                Outcome.FAILED,
                "Venice is not supported: family 1ah model 50h stepping 1");
        says(
                verify(PLATFORM.with(CPUID, Bytes.fromHex("172001")), p -> p),
                SnpChecks.PRODUCT,
                Outcome.FAILED,
                "processor is not of Milan, Genoa or Turin: family 17h model 20h stepping 1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "02 | expected a signed report, found signing key VCEK and a masked chip key",
                "08 | expected a signed report, found signing key RESERVED",
                "1c | expected a signed report, found signing key NONE",
                "1e | expected a signed report, found signing key NONE and a masked chip key",
                "04 | report is signed by a VLEK, certificate is of a VCEK"
            })
    void anotherSigningKeyIsNamed(String keyInfo, String detail) {
        says(
                verify(PLATFORM.with(KEY_INFO, Bytes.fromHex(keyInfo)), p -> p),
                SnpChecks.SIGNING_KEY,
                Outcome.FAILED,
                detail);
    }

    @Test
    void aVlekIsNamedWithItsProviderAndTheReasonThatLetsItPass() {
        Verdict<SnpReport> refused = verify(VLEK, p -> p);
        Verdict<SnpReport> allowed = verify(VLEK, p -> p.allowVlek("our cloud"));

        says(refused, SnpChecks.SIGNING_KEY, Outcome.FAILED, "expected a VCEK, found a VLEK, which names no chip");
        says(refused, SnpChecks.CHIP_ID, Outcome.NOT_EVALUATED, "could not run because snp.signing-key failed");
        says(
                allowed,
                SnpChecks.SIGNING_KEY,
                Outcome.PASSED,
                "VLEK of " + SnpLab.CSP + ", allowed by policy: our cloud");
        says(allowed, SnpChecks.CHIP_ID, Outcome.NOT_EVALUATED, "waived by policy: a VLEK names no chip; our cloud");
    }

    @Test
    void aSignatureThatIsNotOfTheKeyNamesTheKey() {
        Verdict<SnpReport> verdict = verify(PLATFORM.withKeyOf(GENOA.platform(TCB)), p -> p);

        assertThat(check(verdict, SnpChecks.SIGNATURE).detail())
                .matches("signature is not of the certificate's key [0-9a-f]{64}");
    }

    @Test
    void anotherTcbOrChipIsNamedBesideTheCertificates() {
        TcbVersion other = TcbVersion.of(10, 0, 24, 219);
        says(
                verify(PLATFORM.withReportedTcb(other), p -> p),
                SnpChecks.TCB_CERTIFICATE,
                Outcome.FAILED,
                "certificate is for " + TCB + ", report says " + other + " (" + other.toBytes(ProductLine.GENOA) + ")");
        Bytes chip = Bytes.fromHex("11".repeat(64));
        says(
                verify(PLATFORM.with(CHIP_ID, chip), p -> p),
                SnpChecks.CHIP_ID,
                Outcome.FAILED,
                "certificate is of chip " + CHIP + ", report says " + chip);
        says(
                verify(PLATFORM.with(CHIP_ID, Bytes.zeros(64)), p -> p),
                SnpChecks.CHIP_ID,
                Outcome.FAILED,
                "certificate is of chip " + CHIP + ", report says nothing (masked)");
    }

    private static void says(Verdict<?> verdict, CheckId id, Outcome outcome, String detail) {
        assertThat(check(verdict, id).outcome()).isEqualTo(outcome);
        assertThat(check(verdict, id).detail()).isEqualTo(detail);
    }
}
