package org.verifiableai.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LlamaProgramTest {

    private static final long[] IDS = {0, 5, 3, 16, 8, 8, 2};
    private static final long[] LABELS = {-100, -100, 16, 8, 8, 2, 1};
    private static final LoraConfig LORA = LoraConfig.of(3, 6, LoraConfig.allLinear());

    @BeforeAll
    static void useOneThread() {
        TorchRuntime.useThreads(1);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void logitsAreThoseOfTheFormulas(boolean grouped) {
        LlamaConfig config = grouped ? TinyModel.GROUPED : TinyModel.UNTIED;
        List<FloatTensor> weights = TinyModel.weights(config);
        try (LlamaProgram program = LlamaProgram.forInference(config, weights, null, List.of())) {
            assertLogits(program.logits(IDS), new ReferenceLlama(config, weights, null, List.of()).logits(IDS));
        }
    }

    @Test
    void adaptedLogitsAreThoseOfTheFormulas() {
        LlamaConfig config = TinyModel.GROUPED;
        List<FloatTensor> weights = TinyModel.weights(config);
        for (LoraConfig lora : List.of(LORA, LoraConfig.of(2, 8, List.of("v_proj", "q_proj")))) {
            List<FloatTensor> adapters = TinyModel.adapters(config, lora);
            try (LlamaProgram program = LlamaProgram.forInference(config, weights, lora, adapters)) {
                assertLogits(program.logits(IDS), new ReferenceLlama(config, weights, lora, adapters).logits(IDS));
            }
        }
    }

    @Test
    void theFollowingTokenIsTheLikeliest() {
        LlamaConfig config = TinyModel.UNTIED;
        List<FloatTensor> weights = TinyModel.weights(config);
        double[] last = new ReferenceLlama(config, weights, null, List.of()).logits(IDS)[IDS.length - 1];
        int likeliest = 0;
        for (int i = 0; i < last.length; i++) {
            likeliest = last[i] > last[likeliest] ? i : likeliest;
        }
        try (LlamaProgram program = LlamaProgram.forInference(config, weights, null, List.of())) {
            assertThat(program.following(IDS)).isEqualTo(likeliest);
        }
    }

    @Test
    void gradientsAreTheSlopesOfTheReferenceLoss() {
        LlamaConfig config = TinyModel.GROUPED;
        List<FloatTensor> weights = TinyModel.weights(config);
        List<FloatTensor> adapters = TinyModel.adapters(config, LORA);
        try (LlamaProgram program = training(config, weights, adapters, 0)) {
            double loss = program.accumulate(new TokenBatch(1, IDS.length, IDS, LABELS), 1.0 / 5);
            List<FloatTensor> gradients = program.gradients();

            assertThat(loss)
                    .isCloseTo(new ReferenceLlama(config, weights, LORA, adapters).loss(IDS, LABELS), within(1e-5));
            for (int tensor = 0; tensor < gradients.size(); tensor += 3) {
                int index = (tensor * 7) % gradients.get(tensor).values().length;
                assertThat((double) gradients.get(tensor).values()[index])
                        .as("tensor " + tensor)
                        .isCloseTo(slope(config, weights, adapters, tensor, index), within(2e-4));
            }
        }
    }

    @Test
    void withBZeroOnlyBHasGradients() {
        LlamaConfig config = TinyModel.GROUPED;
        List<FloatTensor> adapters = new ArrayList<>(TinyModel.adapters(config, LORA));
        for (int b = 1; b < adapters.size(); b += 2) {
            int[] shape = adapters.get(b).shape();
            adapters.set(b, new FloatTensor(shape, new float[SeededRandom.size(shape)]));
        }
        try (LlamaProgram program = training(config, TinyModel.weights(config), adapters, 0)) {
            program.accumulate(new TokenBatch(1, IDS.length, IDS, LABELS), 1);

            List<FloatTensor> gradients = program.gradients();
            for (int i = 0; i < gradients.size(); i++) {
                assertThat(isZero(gradients.get(i))).isEqualTo(i % 2 == 0);
            }
        }
    }

    @Test
    void paddingChangesNothing() {
        LlamaConfig config = TinyModel.GROUPED;
        List<FloatTensor> adapters = TinyModel.adapters(config, LORA);
        long[] ids = new long[2 * IDS.length];
        long[] labels = new long[ids.length];
        Arrays.fill(labels, LlamaProgram.IGNORED);
        System.arraycopy(IDS, 0, ids, 0, IDS.length);
        System.arraycopy(LABELS, 0, labels, 0, LABELS.length);
        System.arraycopy(IDS, 0, ids, IDS.length, 3);
        labels[IDS.length + 2] = 4;
        long[] shortIds = {0, 5, 3};
        long[] shortLabels = {-100, -100, 4};
        try (LlamaProgram together = training(config, TinyModel.weights(config), adapters, 0);
                LlamaProgram apart = training(config, TinyModel.weights(config), adapters, 0)) {
            double padded = together.accumulate(new TokenBatch(2, IDS.length, ids, labels), 1.0 / 6);
            double first = apart.accumulate(new TokenBatch(1, IDS.length, IDS, LABELS), 1.0 / 6);
            double second = apart.accumulate(new TokenBatch(1, 3, shortIds, shortLabels), 1.0 / 6);

            assertThat(padded).isCloseTo(first + second, within(1e-5));
            for (int i = 0; i < adapters.size(); i++) {
                assertClose(
                        together.gradients().get(i).values(),
                        apart.gradients().get(i).values(),
                        1e-5);
            }
        }
    }

    @Test
    void updatesAreThoseOfAdamWOnClippedGradients() {
        LlamaConfig config = TinyModel.GROUPED;
        List<FloatTensor> adapters = TinyModel.adapters(config, LORA);
        double decay = 0.1;
        double rate = 0.01;
        double maxNorm = 0.5;
        List<double[]> m = zeros(adapters);
        List<double[]> v = zeros(adapters);
        List<double[]> expected = new ArrayList<>();
        adapters.forEach(tensor -> expected.add(doubles(tensor.values())));
        try (LlamaProgram program = training(config, TinyModel.weights(config), adapters, decay)) {
            for (int step = 1; step <= 3; step++) {
                program.accumulate(new TokenBatch(1, IDS.length, IDS, LABELS), 1);
                List<FloatTensor> gradients = program.gradients();
                double norm = Math.sqrt(gradients.stream()
                        .flatMapToDouble(g -> Arrays.stream(doubles(g.values())))
                        .map(x -> x * x)
                        .sum());

                assertThat(program.update(rate, maxNorm)).isCloseTo(norm, within(1e-4 * norm));

                double clip = Math.min(1, maxNorm / (norm + 1e-6));
                for (int i = 0; i < expected.size(); i++) {
                    for (int j = 0; j < expected.get(i).length; j++) {
                        double g = gradients.get(i).values()[j] * clip;
                        m.get(i)[j] = 0.9 * m.get(i)[j] + 0.1 * g;
                        v.get(i)[j] = 0.999 * v.get(i)[j] + 0.001 * g * g;
                        double mean = m.get(i)[j] / (1 - Math.pow(0.9, step));
                        double spread = Math.sqrt(v.get(i)[j] / (1 - Math.pow(0.999, step)));
                        expected.get(i)[j] -= rate * (decay * expected.get(i)[j] + mean / (spread + 1e-8));
                    }
                }
            }
            assertThat(program.gradients()).allMatch(LlamaProgramTest::isZero);
            for (int i = 0; i < expected.size(); i++) {
                assertClose(program.trainedTensors().get(i).values(), expected.get(i), 2e-4);
            }
        }
    }

    private static LlamaProgram training(
            LlamaConfig config, List<FloatTensor> weights, List<FloatTensor> adapters, double decay) {
        return LlamaProgram.forTraining(config, weights, LORA, adapters, OptimizerSettings.withWeightDecay(decay));
    }

    private static double slope(
            LlamaConfig config, List<FloatTensor> weights, List<FloatTensor> adapters, int tensor, int index) {
        float step = 1e-3f;
        double[] losses = new double[2];
        for (int side = 0; side < 2; side++) {
            List<FloatTensor> moved = new ArrayList<>(adapters);
            float[] values = adapters.get(tensor).values().clone();
            values[index] += side == 0 ? -step : step;
            moved.set(tensor, new FloatTensor(adapters.get(tensor).shape(), values));
            losses[side] = new ReferenceLlama(config, weights, LORA, moved).loss(IDS, LABELS);
        }
        return (losses[1] - losses[0]) / (2 * step);
    }

    private static void assertLogits(float[] found, double[][] expected) {
        for (int row = 0; row < expected.length; row++) {
            for (int column = 0; column < expected[row].length; column++) {
                assertThat((double) found[row * expected[row].length + column])
                        .isCloseTo(expected[row][column], within(1e-4));
            }
        }
    }

    private static void assertClose(float[] found, float[] expected, double tolerance) {
        assertClose(found, doubles(expected), tolerance);
    }

    private static void assertClose(float[] found, double[] expected, double tolerance) {
        for (int i = 0; i < found.length; i++) {
            assertThat((double) found[i]).isCloseTo(expected[i], within(tolerance));
        }
    }

    private static double[] doubles(float[] values) {
        double[] doubles = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            doubles[i] = values[i];
        }
        return doubles;
    }

    private static List<double[]> zeros(List<FloatTensor> like) {
        List<double[]> zeros = new ArrayList<>();
        like.forEach(tensor -> zeros.add(new double[tensor.values().length]));
        return zeros;
    }

    private static boolean isZero(FloatTensor tensor) {
        for (float value : tensor.values()) {
            if (value != 0) {
                return false;
            }
        }
        return true;
    }
}
