package org.verifiableai.attestation.snp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;
import org.verifiableai.attestation.Revocation;

class SnpPolicyTest {

    private static final Bytes DIGEST = Bytes.fromHex("ab".repeat(48));

    @Test
    void aPolicyThatDecidesNothingCannotBeBuilt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnpPolicy.builder().build())
                .withMessageContaining("expectedReportData or withoutFreshness")
                .withMessageContaining("measurement or anyMeasurement");
    }

    @Test
    void theDefaultsAreClosed() {
        SnpPolicy policy = SnpPolicy.builder()
                .expectedReportData(Bytes.zeros(64))
                .measurement(DIGEST)
                .build();

        assertThat(policy.revocation()).isEqualTo(Revocation.REQUIRE);
        assertThat(policy.demands().vmpls).containsExactly(0);
        assertThat(policy.demands().allowDebug).isNull();
        assertThat(policy.demands().allowMigrationAgent).isNull();
        assertThat(policy.vlekWaiver()).isEmpty();
        assertThat(policy.maskedChipIdWaiver()).isEmpty();
    }

    @Test
    void demandsThatCannotBeMeantAreRefused() {
        SnpPolicy.Builder builder = SnpPolicy.builder();

        assertThatIllegalArgumentException().isThrownBy(() -> builder.measurement(Bytes.zeros(48)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.measurement(Bytes.fromHex("01")));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.expectedReportData(Bytes.zeros(32)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.hostData(Bytes.zeros(64)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.trustedIdKey(Bytes.zeros(48)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.trustedAuthorKey(Bytes.zeros(48)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.allowDebug(" "));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.withoutFreshness(""));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.vmpls(Set.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.vmpls(Set.of(4)));
    }

    @Test
    void jsonKeepsEveryDemand() throws Exception {
        SnpPolicy policy = SnpPolicy.builder()
                .expectedReportData(Bytes.fromHex("01".repeat(64)))
                .measurement(DIGEST)
                .measurement(Bytes.fromHex("cd".repeat(48)))
                .useRevocationIfAvailable("r1")
                .allowDebug("r2")
                .allowMigrationAgent("r3")
                .allowVlek("r4")
                .allowMaskedChipId("r5")
                .productLine(ProductLine.TURIN)
                .hostData(Bytes.fromHex("02".repeat(32)))
                .trustedIdKey(DIGEST)
                .trustedAuthorKey(DIGEST)
                .vmpls(Set.of(1, 2))
                .refuseSmt()
                .minimumAbi(1, 55)
                .minimumGuestSvn(0xFFFF_FFFFL)
                .minimumTcb(TcbVersion.ofTurin(1, 3, 2, 5, 97))
                .minimumCommittedTcb(TcbVersion.of(3, 0, 8, 115))
                .minimumLaunchTcb(TcbVersion.of(3, 0, 8, 219))
                .build();

        SnpPolicy read = SnpPolicy.fromJson(policy.toJson());

        assertThat(read).usingRecursiveComparison().isEqualTo(policy);
        assertThat(policy.toBuilder().build()).usingRecursiveComparison().isEqualTo(policy);
    }

    @Test
    void jsonKeepsEveryLoosening() throws Exception {
        SnpPolicy policy = SnpPolicy.builder()
                .withoutFreshness("r1")
                .anyMeasurement("r2")
                .withoutRevocation("r3")
                .build();

        assertThat(SnpPolicy.fromJson(policy.toJson()))
                .usingRecursiveComparison()
                .isEqualTo(policy);
    }

    @Test
    void unknownMembersAreRefusedByName() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SnpPolicy.fromJson("{\"mesurements\":[]}"))
                .withMessageContaining("mesurements");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "[]",
                "{",
                "{} {}",
                "{\"withoutFreshness\":1}",
                "{\"withoutFreshness\":\"a\",\"withoutFreshness\":\"b\"}",
                "{\"withoutFreshness\":\"a\",\"anyMeasurement\":\"b\",\"trustedIdKeys\":[]}",
                "{\"withoutFreshness\":\"a\",\"anyMeasurement\":\"b\",\"vmpls\":[99999999999]}",
                "{\"withoutFreshness\":\"a\",\"anyMeasurement\":\"b\",\"refuseSmt\":\"no\"}",
                "{\"withoutFreshness\":\"a\",\"anyMeasurement\":\"b\",\"minimumAbi\":\"1\"}"
            })
    void jsonOfAnotherFormIsRefused(String json) {
        assertThatExceptionOfType(MalformedEvidenceException.class).isThrownBy(() -> SnpPolicy.fromJson(json));
    }

    @Test
    void aDemandBesideItsLooseningIsAContradiction() {
        String reportData = "{\"reportData\":\"" + "00".repeat(64) + "\",\"withoutFreshness\":\"a\"";
        String measurements = "{\"withoutFreshness\":\"a\",\"measurements\":[\"" + DIGEST + "\"]";

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SnpPolicy.fromJson(reportData + ",\"anyMeasurement\":\"b\"}"))
                .withMessageContaining("either reportData or withoutFreshness");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SnpPolicy.fromJson(measurements + ",\"anyMeasurement\":\"b\"}"))
                .withMessageContaining("either measurements or anyMeasurement");
    }

    @Test
    void aPolicyThatIsNotFinishedIsABuilder() throws Exception {
        String json = "{\"measurements\":[\"" + DIGEST + "\"],\"vmpls\":[2]}";

        assertThatIllegalArgumentException().isThrownBy(() -> SnpPolicy.fromJson(json));
        SnpPolicy policy = SnpPolicy.builderFromJson(json)
                .expectedReportData(Bytes.zeros(64))
                .build();
        assertThat(policy.measurements()).containsExactly(DIGEST);
        assertThat(policy.demands().vmpls).containsExactly(2);
    }

    @Test
    void namesThatAreNotKnownAreRefusedInWords() {
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SnpPolicy.fromJson("{\"revocation\":\"NEVER\"}"))
                .withMessage("snp policy: expected revocation as one of REQUIRE, USE_IF_AVAILABLE, OFF, found NEVER");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnpPolicy.fromJson("{\"productLine\":\"venice\"}"))
                .withMessage("snp policy productLine: product line must be milan, genoa or turin, found venice");
    }
}
