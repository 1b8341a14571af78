package org.verifiableai.attestation.snp.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VcpuSignatureTest {

    @ParameterizedTest
    @CsvSource({
        "EPYC, 0x800f12",
        "EPYC-v1, 0x800f12",
        "EPYC-v4, 0x800f12",
        "EPYC-IBPB, 0x800f12",
        "EPYC-Rome, 0x830f10",
        "EPYC-Rome-v3, 0x830f10",
        "EPYC-Milan, 0xa00f11",
        "EPYC-Milan-v1, 0xa00f11",
        "EPYC-Milan-v2, 0xa00f11",
        "EPYC-Genoa, 0xa10f10",
        "EPYC-Genoa-v1, 0xa10f10",
        "EPYC-Turin, 0xb00f00",
        "EPYC-Turin-v1, 0xb00f00"
    })
    void namesOfQemusModelsAreKnown(String name, String signature) {
        assertThat(VcpuSignature.ofType(name)).hasToString(signature);
        assertThat(VcpuSignature.byType()).containsKey(name);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "epyc", "EPYC-v0", "EPYC-v6", "EPYC-Venice", "EPYC-Turin-v2", "Opteron"})
    void otherNamesAreRefusedWithAListOfThose(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VcpuSignature.ofType(name))
                .withMessageContaining("EPYC, EPYC-Genoa,")
                .withMessageEndingWith("found " + name);
    }

    @ParameterizedTest
    @CsvSource({"0, 0, 0, 0x0", "15, 255, 15, 0xf0fff", "14, 1, 2, 0xe12", "16, 0, 0, 0x100f00", "270, 0, 0, 0xff00f00"
    })
    void familyModelAndSteppingArePacked(int family, int model, int stepping, String signature) {
        assertThat(VcpuSignature.of(family, model, stepping)).hasToString(signature);
    }

    @ParameterizedTest
    @CsvSource({"-1, 0, 0", "271, 0, 0", "0, -1, 0", "0, 256, 0", "0, 0, -1", "0, 0, 16"})
    void numbersOutOfRangeAreRefused(int family, int model, int stepping) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> VcpuSignature.of(family, model, stepping))
                .withMessageContaining("found family " + family + ", model " + model + ", stepping " + stepping);
    }

    @Test
    void aSignatureHasThirtyTwoBits() {
        assertThat(new VcpuSignature(0xFFFF_FFFFL)).hasToString("0xffffffff");
        assertThatIllegalArgumentException().isThrownBy(() -> new VcpuSignature(0x1_0000_0000L));
        assertThatIllegalArgumentException().isThrownBy(() -> new VcpuSignature(-1));
    }
}
