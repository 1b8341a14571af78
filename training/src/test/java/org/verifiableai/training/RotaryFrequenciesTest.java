package org.verifiableai.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.withinPercentage;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RotaryFrequenciesTest {

    private static LlamaConfig config(LlamaConfig.Rope rope) {
        return new LlamaConfig(17, 256, 24, 2, 2, 2, 128, 1e-5, rope, true, 32, 0, 1);
    }

    // 500000^(-2j/128), and of Llama 3.1: as it is above 4 turns in 8192 positions, an eighth below 1, between the two
    // mixed.
    @ParameterizedTest
    @CsvSource({
        "0, 1.000000000e+00, 1.000000000e+00",
        "20, 1.656044008e-02, 1.656044008e-02",
        "28, 3.211445995e-03, 3.211445995e-03",
        "29, 2.616099253e-03, 2.166570764e-03",
        "32, 1.414213562e-03, 5.248461610e-04",
        "34, 9.384738704e-04, 1.785078128e-04",
        "35, 7.644969883e-04, 9.556212354e-05",
        "63, 2.455140791e-06, 3.068925989e-07"
    })
    void frequencyIsAsComputedByHand(int j, double plain, double stretched) {
        LlamaConfig.Rope llama30 = new LlamaConfig.Rope(500_000, null);
        LlamaConfig.Rope llama31 = new LlamaConfig.Rope(500_000, new LlamaConfig.Llama3Scaling(8, 1, 4, 8192));
        assertThat((double) RotaryFrequencies.of(config(llama30))[j]).isCloseTo(plain, withinPercentage(1e-4));
        assertThat((double) RotaryFrequencies.of(config(llama31))[j]).isCloseTo(stretched, withinPercentage(1e-4));
    }
}
