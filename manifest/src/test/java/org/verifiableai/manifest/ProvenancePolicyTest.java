package org.verifiableai.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.nvidia.GpuArchitecture;

class ProvenancePolicyTest {

    @Test
    void everyDecisionHasToBeMade() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ProvenancePolicy.builder().build())
                .withMessageContaining("gpu or withoutGpu")
                .withMessageContaining("nonce or notBefore or withoutFreshness")
                .withMessageContaining("dataSet or anyDataSet")
                .withMessageContaining("baseModel or anyBaseModel")
                .withMessageContaining("snp");
    }

    @Test
    void aDemandAndItsWaiverContradictEachOther() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Lab.policy().withoutGpu("x").build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Lab.policy().withoutFreshness("x").build());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Lab.policy().anyBaseModel("x").build());
    }

    @Test
    void aWaiverNeedsAReason() {
        assertThatIllegalArgumentException().isThrownBy(() -> Lab.policy().withoutGpu(" "));
    }

    @Test
    void aDigestOfZerosIsNoBaseModel() {
        assertThatIllegalArgumentException().isThrownBy(() -> Lab.policy().baseModel(Bytes.zeros(32)));
    }

    @Test
    void whatIsStoredIsWhatIsLoaded() {
        for (ProvenancePolicy policy : List.of(
                Lab.policy().build(),
                ProvenancePolicy.builder()
                        .snp(Lab.snpPolicy())
                        .gpu(Lab.gpuPolicy()
                                .withoutFwid("old firmware")
                                .architectures(GpuArchitecture.HOPPER)
                                .chainLength(4))
                        .withoutFreshness("an old model")
                        .anyBaseModel("all are fine")
                        .anyDataSet("all are fine")
                        .anyJobArchive("all are fine")
                        .withoutCcStatement("old software")
                        .legacyKeyBinding("old tools")
                        .withoutClosing("old tools")
                        .anyWeights("for study")
                        .build(),
                ProvenancePolicy.builder()
                        .snp(Lab.snpPolicy())
                        .withoutGpu("cpu")
                        .notBefore(new BlockHash(
                                "eip155:23294", 7, Bytes.utf8("block").sha256()))
                        .notBefore(new BlockHash(
                                "eip155:23294", 8, Bytes.utf8("later").sha256()))
                        .baseModel(Bytes.utf8("a").sha256())
                        .baseModel(Bytes.utf8("b").sha256())
                        .dataSet(Bytes.utf8("c").sha256())
                        .jobArchive(Bytes.utf8("d").sha256())
                        .tokenizer(Bytes.utf8("e").sha256())
                        .chatTemplate(Bytes.utf8("f").sha256())
                        .builderId("https://example.org/builder/1")
                        .hyperParameter("r", HyperParameterDemand.oneOf("8", "16"))
                        .hyperParameter(
                                "learningRate",
                                HyperParameterDemand.between(new BigDecimal("0.0001"), new BigDecimal("0.001")))
                        .hyperParameter("seed", HyperParameterDemand.present())
                        .hyperParameter("packing", HyperParameterDemand.refused())
                        .requireLaunch()
                        .build())) {
            ProvenancePolicy loaded = ProvenancePolicy.parse(policy.toJson());
            assertThat(loaded).usingRecursiveComparison().isEqualTo(policy);
            assertThat(loaded.toJson()).isEqualTo(policy.toJson());
            assertThat(policy.toBuilder().build().toJson()).isEqualTo(policy.toJson());
        }
    }

    @Test
    void aStoredDemandThatIsNotUnderstoodIsRefused() {
        String stored = Lab.policy()
                .gpu(Lab.gpuPolicy().architectures(GpuArchitecture.HOPPER))
                .build()
                .toJson();
        for (String broken : List.of(
                stored.replace("\"nonce\"", "\"nonces\""),
                stored.replace("\"architectures\"", "\"architecture\""),
                stored.replace("\"withoutReferenceValues\"", "\"nonce\""),
                stored.replace("\"withoutReferenceValues\"", "\"withoutFreshness\":\"x\",\"withoutReferenceValues\""),
                stored.replace("\"HOPPER\"", "\"VOLTA\""),
                stored.replace("\"measurements\"", "\"measurement\""),
                stored.replace("\"measurements\"", "\"withoutFreshness\":\"x\",\"measurements\""),
                stored.replace(Samples.NONCE.hex(), "xyz"),
                stored + "{}",
                "[]",
                "")) {
            assertThat(broken).isNotEqualTo(stored);
            assertThatIllegalArgumentException().as(broken).isThrownBy(() -> ProvenancePolicy.parse(broken));
        }
    }

    @Test
    void whatWasDemandedCanBeRead() {
        ProvenancePolicy policy = Lab.policy().build();
        assertThat(policy.nonce()).contains(Samples.NONCE);
        assertThat(policy.gpu()).isPresent();
        assertThat(policy.baseModels()).containsExactly(Samples.baseModel().digest());
        assertThat(policy.gpuWaiver()).isEmpty();
        assertThat(policy.freshnessWaiver()).isEmpty();
        assertThat(policy.baseModelWaiver()).isEmpty();
    }

    @Test
    void aStoredDemandOfNothingIsRefused() {
        String stored = Lab.policy().build().toJson();
        for (String demand : List.of(
                "\"tokenizers\":null",
                "\"revokedBy\":null",
                "\"requireLaunch\":null",
                "\"builders\":null",
                "\"hyperParameters\":null",
                "\"hyperParameters\":{\"r\":{\"oneOf\":null}}",
                "\"hyperParameters\":{\"r\":{\"minimum\":\"1\",\"maximum\":null}}")) {
            String broken = stored.replaceFirst("\\{", "{" + demand.replace("$", "") + ",");
            assertThatIllegalArgumentException().as(demand).isThrownBy(() -> ProvenancePolicy.parse(broken));
        }
    }

    @Test
    void aBuilderNamedLaterStandsInPlaceOfTheUsualOne() {
        ProvenancePolicy policy = Lab.policy().build();
        assertThat(policy.toBuilder().build().builders()).containsExactly(Provenance.BUILDER);
        assertThat(policy.toBuilder()
                        .builderId("https://example.org/builder/v1")
                        .build()
                        .builders())
                .containsExactly("https://example.org/builder/v1");
    }
}
