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
import org.verifiableai.attestation.snp.launch.LaunchConfiguration;
import org.verifiableai.attestation.snp.launch.Vmm;

class SnpPolicyTest {

    private static final Bytes DIGEST = Policies.DIGEST;

    @Test
    void aPolicyThatDecidesNothingCannotBeBuilt() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnpPolicy.builder().build())
                .withMessageContaining("expectedReportData or withoutFreshness")
                .withMessageContaining("measurement, launch or anyMeasurement");
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
        assertThatIllegalArgumentException().isThrownBy(() -> builder.measurement(DIGEST, " "));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.allowedChip(Bytes.zeros(64)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.allowedChip(Bytes.fromHex("01")));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.allowedCsp(""));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.familyId(Bytes.zeros(15)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.imageId(Bytes.zeros(17)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.reportId(Bytes.zeros(16)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.reportIdMa(Bytes.zeros(16)));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.requireLaunchMitigations(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.requireCurrentMitigations(0));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.minimumAbi(1, 256));
        assertThatIllegalArgumentException().isThrownBy(() -> builder.minimumGuestSvn(-1));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.minimumTcb(ProductLine.MILAN, TcbVersion.ofTurin(0, 0, 0, 0, 0)))
                .withMessageStartingWith("tcb minimum for Milan must have no fmc");
    }

    @Test
    void jsonKeepsEveryDemand() throws Exception {
        SnpPolicy policy = Policies.full();

        SnpPolicy read = SnpPolicy.fromJson(policy.toJson());

        assertThat(read).usingRecursiveComparison().ignoringFields("digest").isEqualTo(policy);
        assertThat(policy.toBuilder().build())
                .usingRecursiveComparison()
                .ignoringFields("digest")
                .isEqualTo(policy);
        assertThat(read.demands()).hasNoNullFieldsOrPropertiesExcept("withoutFreshness", "anyMeasurement");
    }

    @Test
    void jsonKeepsEveryLoosening() throws Exception {
        SnpPolicy policy = Policies.open();

        assertThat(SnpPolicy.fromJson(policy.toJson()))
                .usingRecursiveComparison()
                .ignoringFields("digest")
                .isEqualTo(policy);
    }

    @Test
    void aPolicyWritesWhatItDemandsAndNoMore() {
        assertThat(Policies.open().toJson()).isEqualTo("""
                        {
                          "withoutFreshness" : "r1",
                          "anyMeasurement" : "r2",
                          "revocation" : "OFF",
                          "revocationReason" : "r3",
                          "vmpls" : [
                            0
                          ]
                        }""");
    }

    @Test
    void equalPoliciesHaveEqualDigestsInWhateverOrderTheyWereMade() throws Exception {
        SnpPolicy one = SnpPolicy.builder()
                .withoutFreshness("r")
                .measurement(DIGEST)
                .measurement(Policies.OTHER_DIGEST)
                .trustedIdKey(Policies.OTHER_DIGEST)
                .trustedIdKey(DIGEST)
                .vmpls(Set.of(2, 0))
                .build();
        SnpPolicy other = SnpPolicy.builder()
                .vmpls(Set.of(0, 2))
                .trustedIdKey(DIGEST)
                .trustedIdKey(Policies.OTHER_DIGEST)
                .measurement(Policies.OTHER_DIGEST)
                .measurement(DIGEST)
                .withoutFreshness("r")
                .build();

        assertThat(one).isEqualTo(other).hasSameHashCodeAs(other);
        assertThat(one.digest()).isEqualTo(other.digest());
        assertThat(SnpPolicy.fromJson(one.toJson()).digest()).isEqualTo(one.digest());
        assertThat(one.toBuilder().refuseSmt().build()).isNotEqualTo(one);
        assertThat(one.toBuilder().withoutFreshness("another reason").build().digest())
                .isNotEqualTo(one.digest());
    }

    @Test
    void aDigestIsThatOfTheTextWithoutWhiteSpace() {
        assertThat(Policies.open().digest()).isEqualTo(Bytes.utf8("""
                                        {"withoutFreshness":"r1","anyMeasurement":"r2","revocation":"OFF",\
                                        "revocationReason":"r3","vmpls":[0]}""").sha256());
    }

    @Test
    void aBuilderThatGoesOnChangesNoPolicyThatItMade() {
        SnpPolicy.Builder builder = SnpPolicy.builder().withoutFreshness("r").measurement(DIGEST);
        SnpPolicy policy = builder.build();
        Bytes digest = policy.digest();

        builder.measurement(Policies.OTHER_DIGEST).vmpls(Set.of(3)).refuseSmt();

        assertThat(policy.measurements()).containsExactly(DIGEST);
        assertThat(Bytes.utf8(SnpPolicyJson.compact(policy.demands())).sha256()).isEqualTo(digest);
    }

    @Test
    void vmplsMayBeThePoliciesOwn() {
        SnpPolicy.Builder builder = Policies.full().toBuilder();

        assertThat(builder.vmpls(Policies.full().demands().vmpls).build().demands().vmpls)
                .containsExactly(1, 2);
    }

    @Test
    void aProviderIsNamedOnlyWhereAVlekMaySign() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Policies.open().toBuilder()
                        .allowedCsp("CN=cloud.example")
                        .build())
                .withMessage("snp policy needs allowVlek beside allowedCsp");
    }

    @Test
    void turinsShortChipIdentifierIsTheLongOne() {
        Bytes shortId = Bytes.fromHex("0102030405060708");
        SnpPolicy policy = Policies.open().toBuilder().allowedChip(shortId).build();

        assertThat(policy)
                .isEqualTo(Policies.open().toBuilder()
                        .allowedChip(shortId.concat(Bytes.zeros(56)))
                        .build());
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
                "{\"withoutFreshness\":\"a\",\"anyMeasurement\":\"b\",\"minimumAbi\":\"1\"}",
                "{\"withoutFreshness\":\"a\",\"anyMeasurement\":\"b\",\"hostData\":\"0x\"}",
                "{\"withoutFreshness\":\"a\",\"anyMeasurement\":\"b\",\"vmpls\":[0,0]}",
                "{\"withoutFreshness\":\"a\",\"anyMeasurement\":\"b\",\"minimumTcb\":{}}",
                "{\"withoutFreshness\":\"a\",\"anyMeasurement\":\"b\",\"minimumTcb\":{\"milan\":\"bl=1\"}}",
                "{\"withoutFreshness\":\"a\",\"anyMeasurement\":\"b\",\"minimumTcb\":7}",
                "{\"withoutFreshness\":\"a\",\"anyMeasurement\":\"b\",\"platform\":{\"ECC\":true}}",
                "{\"withoutFreshness\":\"a\",\"anyMeasurement\":\"b\",\"platform\":{\"ECC_EN\":1}}",
                "{\"withoutFreshness\":\"a\",\"anyMeasurement\":\"b\",\"platform\":{\"ECC_EN\":true,\"ECC_EN\":false}}",
                "{\"withoutFreshness\":\"a\",\"anyMeasurement\":\"b\",\"requireGuestPolicy\":[\"SMT\"]}",
                "{\"withoutFreshness\":\"a\",\"anyMeasurement\":\"b\",\"requireLaunchMitigations\":\"3f\"}",
                "{\"withoutFreshness\":\"a\",\"anyMeasurement\":\"b\",\"revocationReason\":\"c\"}",
                "{\"withoutFreshness\":\"a\",\"measurements\":[{\"name\":\"b\",\"digest\":\"c\"}]}",
                "{\"withoutFreshness\":\"a\",\"measurements\":[{\"name\":\"b\",\"measurement\":7}]}"
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
    void launchesBesideTheirLooseningAreAContradiction() {
        String launches = "{\"withoutFreshness\":\"a\",\"launches\":["
                + Policies.launch("trainer").toJson() + "]";

        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() -> SnpPolicy.fromJson(launches + ",\"anyMeasurement\":\"b\"}"))
                .withMessageContaining("either launches or anyMeasurement");
    }

    @Test
    void aLaunchIsADecisionOnTheMeasurement() throws Exception {
        LaunchConfiguration trainer = Policies.launch("trainer");
        SnpPolicy policy =
                SnpPolicy.builder().withoutFreshness("r").launch(trainer).build();

        assertThat(policy.launches()).containsExactly(trainer);
        assertThat(policy.measurements()).isEmpty();
        assertThat(policy.measurementName(trainer.measurement())).contains("trainer");
        assertThat(policy.measurementName(DIGEST)).isEmpty();
        assertThat(SnpPolicy.fromJson(policy.toJson())).isEqualTo(policy);
        assertThat(SnpPolicy.fromJson(policy.toJson()).launches()).containsExactly(trainer);
        assertThat(policy.toBuilder().anyMeasurement("r").build().launches()).isEmpty();
        assertThat(Policies.open().toBuilder().launch(trainer).build().toJson()).doesNotContain("anyMeasurement");
    }

    @Test
    void twoLaunchesOfOneNameAreRefusedUnlessTheyAreOne() {
        LaunchConfiguration trainer = Policies.launch("trainer");
        LaunchConfiguration other = LaunchConfiguration.builder("trainer")
                .vmm(Vmm.EC2)
                .firmware(trainer.firmware())
                .vcpus(1)
                .build();
        SnpPolicy.Builder builder = SnpPolicy.builder().launch(trainer).launch(Policies.launch("trainer"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.launch(other))
                .withMessage("launch configurations must have names of their own, found two of trainer");
        assertThatExceptionOfType(MalformedEvidenceException.class)
                .isThrownBy(() ->
                        SnpPolicy.builderFromJson("{\"launches\":[" + trainer.toJson() + "," + trainer.toJson() + "]}"))
                .withMessageContaining("launches with each element once");
    }

    @Test
    void aLaunchThatCannotBeOneIsRefusedByTheNameOfItsMember() {
        String json = "{\"launches\":[" + Policies.launch("trainer").toJson().replace("\"vcpus\" : 2", "\"vcpus\" : 0")
                + "]}";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnpPolicy.builderFromJson(json))
                .withMessage("snp policy launches: vcpus must be of 1 to 4096, found 0");
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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"hostData\":\"00\"",
                "\"minimumTcb\":\"snp\"",
                "\"minimumTcb\":{\"GENOA\":\"fmc=1\"}",
                "\"minimumFirmware\":\"1.55\"",
                "\"requireCurrentMitigations\":\"0x0\"",
                "\"measurements\":[{\"name\":\"a release\"}]",
                "\"measurements\":[{\"name\":\"\",\"measurement\":\"abab\"}]",
                "\"revocation\":\"OFF\""
            })
    void whatCannotBeAPolicyIsRefusedByTheNameOfItsMember(String member) {
        String name = member.substring(1, member.indexOf('"', 1));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SnpPolicy.builderFromJson("{" + member + "}"))
                .withMessageContaining(name.equals("revocation") ? "reason" : "snp policy " + name + ": ");
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
