package org.verifiableai.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A model in the engine: its weights, the adapters if there are any, and the compiled script that runs over them. With
 * adapters the adapters are trained and the weights are frozen, which costs neither gradient nor moment; without, the
 * weights are trained. Not thread-safe.
 */
final class LlamaProgram implements AutoCloseable {

    static final int IGNORED = -100;

    private final NDManager manager;
    private final TorchScript script;
    private final NDArray inverseFrequencies;
    private final List<NDArray> weights;
    private final List<NDArray> adapters;
    private final @Nullable OptimizerState optimizer;

    private LlamaProgram(
            NDManager manager,
            TorchScript script,
            NDArray inverseFrequencies,
            List<NDArray> weights,
            List<NDArray> adapters,
            @Nullable OptimizerState optimizer) {
        this.manager = manager;
        this.script = script;
        this.inverseFrequencies = inverseFrequencies;
        this.weights = weights;
        this.adapters = adapters;
        this.optimizer = optimizer;
    }

    /** What AdamW keeps for each trained tensor. */
    private record OptimizerState(
            List<NDArray> gradients, List<NDArray> firstMoments, List<NDArray> secondMoments, List<NDArray> steps) {}

    /** A program that answers and does not learn. */
    static LlamaProgram forInference(
            LlamaConfig config, List<FloatTensor> weights, @Nullable LoraConfig lora, List<FloatTensor> adapters) {
        return create(config, weights, lora, adapters, null);
    }

    /** A program that learns. */
    static LlamaProgram forTraining(
            LlamaConfig config,
            List<FloatTensor> weights,
            @Nullable LoraConfig lora,
            List<FloatTensor> adapters,
            OptimizerSettings settings) {
        return create(config, weights, lora, adapters, settings);
    }

    private static LlamaProgram create(
            LlamaConfig config,
            List<FloatTensor> weights,
            @Nullable LoraConfig lora,
            List<FloatTensor> adapters,
            @Nullable OptimizerSettings settings) {
        NDManager manager = TorchScript.newManager();
        try {
            TorchScript script = TorchScript.compile(
                    manager,
                    LlamaScript.CLASS,
                    LlamaScript.text(config, lora, settings == null ? OptimizerSettings.withWeightDecay(0) : settings));
            List<NDArray> w = load(manager, "w[]", weights);
            List<NDArray> a = load(manager, "lora[]", adapters);
            OptimizerState state = settings == null ? null : state(manager, lora == null ? w : a);
            float[] inverse = RotaryFrequencies.of(config);
            return new LlamaProgram(manager, script, manager.create(inverse), w, a, state);
        } catch (RuntimeException e) {
            manager.close();
            throw e;
        }
    }

    /** The likeliest token after {@code ids}. */
    long following(long[] ids) {
        try (NDManager scope = manager.newSubManager()) {
            return script.call("following", scope, arguments(scope.create(ids, new Shape(1, ids.length))))
                    .toLongArray()[0];
        }
    }

    /** The scores of every token at every place of {@code ids}, row by row. */
    float[] logits(long[] ids) {
        try (NDManager scope = manager.newSubManager()) {
            return script.call("logits", scope, arguments(scope.create(ids, new Shape(1, ids.length))))
                    .toFloatArray();
        }
    }

    /**
     * Adds the gradients of one batch.
     *
     * @param scale what the summed loss is multiplied by: one over the labels of the whole step
     * @return the loss, already scaled
     */
    double accumulate(TokenBatch batch, double scale) {
        try (NDManager scope = manager.newSubManager()) {
            Shape shape = new Shape(batch.rows(), batch.columns());
            NDList arguments = new NDList(
                    scope.create(batch.ids(), shape), scope.create(batch.labels(), shape), scope.create((float) scale));
            arguments.add(inverseFrequencies);
            arguments.addAll(weights);
            arguments.addAll(adapters);
            arguments.addAll(optimizer().gradients());
            return script.call("step", scope, arguments).getFloat();
        }
    }

    /**
     * Moves the trained tensors by the gradients, and sets these to zero.
     *
     * @return the norm of the gradients before it was clipped to {@code maxNorm}
     */
    double update(double learningRate, double maxNorm) {
        try (NDManager scope = manager.newSubManager()) {
            OptimizerState state = optimizer();
            NDList arguments = new NDList(scope.create(new float[] {(float) learningRate, (float) maxNorm}));
            arguments.addAll(trained());
            arguments.addAll(state.gradients());
            arguments.addAll(state.firstMoments());
            arguments.addAll(state.secondMoments());
            arguments.addAll(state.steps());
            return script.call("update", scope, arguments).getFloat();
        }
    }

    /** Copies of the trained tensors, in the order of the script. */
    List<FloatTensor> trainedTensors() {
        return copy(trained());
    }

    /** Copies of the gradients, in the order of the script. */
    List<FloatTensor> gradients() {
        return copy(optimizer().gradients());
    }

    @Override
    public void close() {
        script.close();
        manager.close();
    }

    private OptimizerState optimizer() {
        if (optimizer == null) {
            throw new IllegalStateException("this program was made to answer and not to learn");
        }
        return optimizer;
    }

    private List<NDArray> trained() {
        return adapters.isEmpty() ? weights : adapters;
    }

    private NDList arguments(NDArray ids) {
        NDList arguments = new NDList(ids, inverseFrequencies);
        arguments.addAll(weights);
        arguments.addAll(adapters);
        return arguments;
    }

    private static List<NDArray> load(NDManager manager, String name, List<FloatTensor> tensors) {
        List<NDArray> arrays = new ArrayList<>();
        for (FloatTensor tensor : tensors) {
            NDArray array = manager.create(tensor.values(), shape(tensor.shape()));
            array.setName(name);
            arrays.add(array);
        }
        return arrays;
    }

    private static OptimizerState state(NDManager manager, List<NDArray> trained) {
        trained.forEach(array -> array.setRequiresGradient(true));
        List<NDArray> steps = new ArrayList<>();
        for (int i = 0; i < trained.size(); i++) {
            NDArray step = manager.create(0f);
            step.setName("t[]");
            steps.add(step);
        }
        return new OptimizerState(
                zeros(manager, "grads[]", trained),
                zeros(manager, "m[]", trained),
                zeros(manager, "v[]", trained),
                steps);
    }

    private static List<NDArray> zeros(NDManager manager, String name, List<NDArray> like) {
        List<NDArray> zeros = new ArrayList<>();
        for (NDArray array : like) {
            NDArray zero = manager.zeros(array.getShape(), DataType.FLOAT32);
            zero.setName(name);
            zeros.add(zero);
        }
        return zeros;
    }

    private static List<FloatTensor> copy(List<NDArray> arrays) {
        List<FloatTensor> tensors = new ArrayList<>();
        for (NDArray array : arrays) {
            int[] shape = Arrays.stream(array.getShape().getShape())
                    .mapToInt(Math::toIntExact)
                    .toArray();
            tensors.add(new FloatTensor(shape, array.toFloatArray()));
        }
        return tensors;
    }

    private static Shape shape(int[] dimensions) {
        return new Shape(Arrays.stream(dimensions).asLongStream().toArray());
    }
}
