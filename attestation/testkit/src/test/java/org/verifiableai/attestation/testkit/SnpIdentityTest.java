package org.verifiableai.attestation.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.verifiableai.attestation.testkit.SnpLab.CSP;
import static org.verifiableai.attestation.testkit.SnpLab.PLATFORM;
import static org.verifiableai.attestation.testkit.SnpLab.TURIN;
import static org.verifiableai.attestation.testkit.SnpLab.TURIN_PLATFORM;
import static org.verifiableai.attestation.testkit.SnpLab.VLEK;
import static org.verifiableai.attestation.testkit.SnpLab.accepted;
import static org.verifiableai.attestation.testkit.SnpLab.alone;
import static org.verifiableai.attestation.testkit.SnpLab.check;
import static org.verifiableai.attestation.testkit.SnpLab.failed;
import static org.verifiableai.attestation.testkit.SnpLab.verify;
import static org.verifiableai.attestation.testkit.SnpLab.waived;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.Outcome;
import org.verifiableai.attestation.Verdict;
import org.verifiableai.attestation.snp.SnpChecks;
import org.verifiableai.attestation.snp.SnpReport;

/** Which guest on which machine it is: chip, provider, VMPL, measurement, data and keys. */
class SnpIdentityTest {

    private static final Bytes KEY = Bytes.fromHex("44".repeat(48));
    private static final Bytes OTHER_KEY = Bytes.fromHex("45".repeat(48));
    private static final Bytes HOST_DATA = Bytes.fromHex("33".repeat(32));

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4, -1})
    void anotherVmplFailsAlone(int vmpl) {
        alone(SnpChecks.VMPL, PLATFORM.withVmpl(vmpl), p -> p);
    }

    @Test
    void aRequestOfTheHostMatchesNoVmpl() {
        Verdict<SnpReport> verdict = verify(PLATFORM.withVmpl(-1), p -> p.vmpls(Set.of(0, 1, 2, 3)));

        assertThat(failed(verdict)).containsExactly(SnpChecks.VMPL);
        assertThat(check(verdict, SnpChecks.VMPL).detail())
                .isEqualTo("expected one of [0, 1, 2, 3], found a request of the host");
    }

    @Test
    void anotherVmplIsAcceptedWhereNamed() {
        accepted(PLATFORM.withVmpl(2), p -> p.vmpls(Set.of(1, 2)));
    }

    @Test
    void aMeasurementIsCalledByItsName() throws Exception {
        Verdict<SnpReport> verdict = verify(
                PLATFORM, p -> p.measurement(KEY, "yesterday").measurement(PLATFORM.measurement(), "release 1.2"));

        assertThat(check(verdict, SnpChecks.MEASUREMENT).detail()).isEqualTo(PLATFORM.measurement() + ", release 1.2");
        assertThat(verdict.orElseThrow().facts()).containsEntry("measurementName", "release 1.2");
        assertThat(verify(PLATFORM, p -> p).orElseThrow().facts()).doesNotContainKey("measurementName");
    }

    @Test
    void aMeasurementThatIsWaivedSaysSoAndForgetsThoseThatWereNamed() {
        Verdict<SnpReport> verdict =
                verify(PLATFORM, p -> p.measurement(KEY, "yesterday").anyMeasurement("a test"));

        assertThat(verdict.failures()).isEmpty();
        assertThat(check(verdict, SnpChecks.MEASUREMENT).outcome()).isEqualTo(Outcome.NOT_EVALUATED);
        assertThat(check(verdict, SnpChecks.MEASUREMENT).detail())
                .isEqualTo("waived by policy: " + PLATFORM.measurement() + "; a test");
    }

    @Test
    void aMeasurementOfZerosIsNoMeasurement() {
        alone(SnpChecks.MEASUREMENT, PLATFORM.withMeasurement(Bytes.zeros(48)), p -> p);
    }

    @Test
    void dataAndNumbersThatAreExpectedAreAccepted() {
        accepted(
                PLATFORM.withHostData(HOST_DATA).withGuestSvn(0xFFFF_FFFFL),
                p -> p.hostData(HOST_DATA).minimumGuestSvn(0xFFFF_FFFFL));
        accepted(
                PLATFORM,
                p -> p.hostData(Bytes.zeros(32))
                        .familyId(Bytes.zeros(16))
                        .imageId(Bytes.zeros(16))
                        .reportIdMa(Bytes.fromHex("ff".repeat(32))));
    }

    @Test
    void anAuthorKeyCountsOnlyWhereItIsEnabled() {
        SoftwareSnpPlatform enabled = PLATFORM.withAuthorKey(KEY);
        SoftwareSnpPlatform named = enabled.withKeyInfo(0);

        alone(SnpChecks.ID_KEY, named, p -> p.trustedAuthorKey(KEY));
        alone(SnpChecks.AUTHOR_KEY, named, p -> p.requireAuthorKey());
        accepted(enabled, p -> p.trustedAuthorKey(KEY).requireAuthorKey());
    }

    @Test
    void eitherATrustedIdKeyOrATrustedAuthorKeyWillDo() {
        SoftwareSnpPlatform both = PLATFORM.withIdKey(OTHER_KEY).withAuthorKey(KEY);

        accepted(both, p -> p.trustedAuthorKey(KEY).trustedIdKey(KEY));
        accepted(both, p -> p.trustedIdKey(OTHER_KEY).trustedAuthorKey(OTHER_KEY));
        alone(SnpChecks.ID_KEY, both, p -> p.trustedIdKey(KEY).trustedAuthorKey(OTHER_KEY));
    }

    @Test
    void aRequiredAuthorKeyHasToBeATrustedOneWhereAnyIsNamed() {
        SoftwareSnpPlatform both = PLATFORM.withIdKey(OTHER_KEY).withAuthorKey(KEY);

        accepted(both, p -> p.requireAuthorKey());
        alone(
                SnpChecks.AUTHOR_KEY,
                both,
                p -> p.requireAuthorKey().trustedIdKey(OTHER_KEY).trustedAuthorKey(OTHER_KEY));
    }

    @Test
    void aChipIsAllowedByItsWholeIdentifierOrTurinsShortOne() {
        accepted(PLATFORM, p -> p.allowedChip(KEY.concat(Bytes.zeros(16))).allowedChip(PLATFORM.chipId()));
        assertThat(failed(verify(
                        TURIN,
                        TURIN_PLATFORM,
                        p -> p.allowedChip(TURIN_PLATFORM.chipId().slice(0, 8)))))
                .isEmpty();
        assertThat(failed(verify(TURIN, TURIN_PLATFORM, p -> p.allowedChip(PLATFORM.chipId()))))
                .containsExactly(SnpChecks.CHIP_ALLOWED);
    }

    @Test
    void aChipThatIsHiddenIsNoneThatIsAllowed() {
        alone(
                SnpChecks.CHIP_ALLOWED,
                PLATFORM.withChipId(Bytes.zeros(64)),
                p -> p.allowMaskedChipId("shared host").allowedChip(PLATFORM.chipId()));
        alone(SnpChecks.CHIP_ALLOWED, VLEK, p -> p.allowVlek("a cloud").allowedChip(PLATFORM.chipId()));
    }

    @Test
    void aProviderIsNamedByAVlekAlone() throws Exception {
        Verdict<SnpReport> cloud = verify(VLEK, p -> p.allowVlek("a cloud").allowedCsp(CSP));

        assertThat(cloud.orElseThrow().facts()).containsEntry("cspId", CSP).containsEntry("signer", "VLEK");
        waived(cloud, SnpChecks.CHIP_ID, "a cloud");
        alone(SnpChecks.CSP_ID, PLATFORM, p -> p.allowVlek("a cloud").allowedCsp(CSP));
        alone(SnpChecks.CSP_ID, VLEK, p -> p.allowVlek("a cloud").allowedCsp("CN=other.example"));
    }

    @Test
    void fieldsOfAnotherLengthAreTheCallersMistake() {
        assertThatIllegalArgumentException().isThrownBy(() -> PLATFORM.withFamilyId(Bytes.zeros(15)));
        assertThatIllegalArgumentException().isThrownBy(() -> PLATFORM.withHostData(Bytes.zeros(33)));
        assertThatIllegalArgumentException().isThrownBy(() -> PLATFORM.withChipId(Bytes.zeros(8)));
        assertThatIllegalArgumentException().isThrownBy(() -> PLATFORM.withIdKey(Bytes.zeros(32)));
    }
}
