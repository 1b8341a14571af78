package org.verifiableai.training;

import java.util.Optional;

/** The linear maps of a decoder layer, in the order in which the script lists a layer's weights. */
enum Linear {
    Q_PROJ("self_attn.q_proj", 1),
    K_PROJ("self_attn.k_proj", 2),
    V_PROJ("self_attn.v_proj", 3),
    O_PROJ("self_attn.o_proj", 4),
    GATE_PROJ("mlp.gate_proj", 6),
    UP_PROJ("mlp.up_proj", 7),
    DOWN_PROJ("mlp.down_proj", 8);

    private final String path;
    private final int place;

    Linear(String path, int place) {
        this.path = path;
        this.place = place;
    }

    /** The path below the layer, as checkpoints spell it. */
    String path() {
        return path;
    }

    /** The name that target_modules uses, such as {@code q_proj}. */
    String shortName() {
        return path.substring(path.indexOf('.') + 1);
    }

    /** The place of its weight among the weights of its layer. */
    int place() {
        return place;
    }

    /** The name of its weight in layer {@code layer}, without the suffix {@code .weight}. */
    String nameIn(int layer) {
        return "model.layers." + layer + "." + path;
    }

    /** The number of values that it takes. */
    int inputs(LlamaConfig config) {
        return switch (this) {
            case O_PROJ -> config.heads() * config.headDim();
            case DOWN_PROJ -> config.intermediateSize();
            default -> config.hiddenSize();
        };
    }

    /** The number of values that it gives. */
    int outputs(LlamaConfig config) {
        return switch (this) {
            case Q_PROJ -> config.heads() * config.headDim();
            case K_PROJ, V_PROJ -> config.kvHeads() * config.headDim();
            case GATE_PROJ, UP_PROJ -> config.intermediateSize();
            case O_PROJ, DOWN_PROJ -> config.hiddenSize();
        };
    }

    static Optional<Linear> ofShortName(String name) {
        for (Linear linear : values()) {
            if (linear.shortName().equals(name)) {
                return Optional.of(linear);
            }
        }
        return Optional.empty();
    }
}
