package org.verifiableai.training;

/** The inverse frequencies of the rotary embedding, half a head of them. */
final class RotaryFrequencies {

    private RotaryFrequencies() {}

    /** theta^(-2j / head_dim), computed in float32 as checkpoints were trained with; stretched for "llama3". */
    static float[] of(LlamaConfig config) {
        float[] inverse = new float[config.headDim() / 2];
        for (int j = 0; j < inverse.length; j++) {
            float exponent = 2 * j / (float) config.headDim();
            float frequency = (float) (1.0 / Math.pow(config.rope().theta(), exponent));
            LlamaConfig.Llama3Scaling scaling = config.rope().llama3();
            inverse[j] = scaling == null ? frequency : stretch(frequency, scaling);
        }
        return inverse;
    }

    /** Short waves stay, long ones are stretched by the factor, and between the two the change is gradual. */
    private static float stretch(float frequency, LlamaConfig.Llama3Scaling scaling) {
        double waveLength = 2 * Math.PI / frequency;
        double low = scaling.lowFrequencyFactor();
        double high = scaling.highFrequencyFactor();
        double turns = scaling.originalPositions() / waveLength;
        if (turns > high) {
            return frequency;
        }
        if (turns < low) {
            return (float) (frequency / scaling.factor());
        }
        double share = (turns - low) / (high - low);
        return (float) ((1 - share) * frequency / scaling.factor() + share * frequency);
    }
}
