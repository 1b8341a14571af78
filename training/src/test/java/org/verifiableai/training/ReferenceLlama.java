package org.verifiableai.training;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A Llama written a second time, in plain Java and float64, from the formulas and not from the script: what the script
 * computes is held to it.
 */
final class ReferenceLlama {

    private final LlamaConfig config;
    private final List<FloatTensor> weights;
    private final @Nullable LoraConfig lora;
    private final List<FloatTensor> adapters;

    ReferenceLlama(
            LlamaConfig config, List<FloatTensor> weights, @Nullable LoraConfig lora, List<FloatTensor> adapters) {
        this.config = config;
        this.weights = weights;
        this.lora = lora;
        this.adapters = adapters;
    }

    /** Scores, a row a token. */
    double[][] logits(long[] ids) {
        double[][] x = new double[ids.length][];
        for (int t = 0; t < ids.length; t++) {
            x[t] = row(weights.get(0), (int) ids[t]);
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            int at = 1 + 9 * layer;
            add(x, attention(layer, at, norm(x, weights.get(at))));
            add(x, feedForward(layer, at, norm(x, weights.get(at + 5))));
        }
        x = norm(x, weights.get(1 + 9 * config.layers()));
        FloatTensor head = weights.get(config.tiedEmbeddings() ? 0 : 2 + 9 * config.layers());
        double[][] logits = new double[ids.length][];
        for (int t = 0; t < ids.length; t++) {
            logits[t] = multiply(head, x[t]);
        }
        return logits;
    }

    /** Mean cross entropy over the places with a label. */
    double loss(long[] ids, long[] labels) {
        double[][] logits = logits(ids);
        double sum = 0;
        int count = 0;
        for (int t = 0; t < ids.length; t++) {
            if (labels[t] != LlamaProgram.IGNORED) {
                double total = 0;
                for (double score : logits[t]) {
                    total += Math.exp(score);
                }
                sum += Math.log(total) - logits[t][(int) labels[t]];
                count++;
            }
        }
        return sum / count;
    }

    private double[][] attention(int layer, int at, double[][] x) {
        int tokens = x.length;
        int width = config.headDim();
        double[][] q = linear(Linear.Q_PROJ, layer, at, x);
        double[][] k = linear(Linear.K_PROJ, layer, at, x);
        double[][] v = linear(Linear.V_PROJ, layer, at, x);
        rotate(q, config.heads());
        rotate(k, config.kvHeads());
        double[][] y = new double[tokens][config.heads() * width];
        for (int head = 0; head < config.heads(); head++) {
            int kv = head / (config.heads() / config.kvHeads());
            for (int t = 0; t < tokens; t++) {
                double[] share = new double[t + 1];
                double total = 0;
                for (int s = 0; s <= t; s++) {
                    double dot = 0;
                    for (int d = 0; d < width; d++) {
                        dot += q[t][head * width + d] * k[s][kv * width + d];
                    }
                    share[s] = Math.exp(dot / Math.sqrt(width));
                    total += share[s];
                }
                for (int s = 0; s <= t; s++) {
                    for (int d = 0; d < width; d++) {
                        y[t][head * width + d] += share[s] / total * v[s][kv * width + d];
                    }
                }
            }
        }
        return linear(Linear.O_PROJ, layer, at, y);
    }

    private double[][] feedForward(int layer, int at, double[][] x) {
        double[][] gate = linear(Linear.GATE_PROJ, layer, at, x);
        double[][] up = linear(Linear.UP_PROJ, layer, at, x);
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < gate[t].length; i++) {
                gate[t][i] = gate[t][i] / (1 + Math.exp(-gate[t][i])) * up[t][i];
            }
        }
        return linear(Linear.DOWN_PROJ, layer, at, gate);
    }

    /** W x, and s B (A x) for an adapted map. */
    private double[][] linear(Linear linear, int layer, int at, double[][] x) {
        double[][] y = new double[x.length][];
        List<Linear> targets = lora == null ? List.of() : lora.targets();
        int slot = targets.indexOf(linear);
        for (int t = 0; t < x.length; t++) {
            y[t] = multiply(weights.get(at + linear.place()), x[t]);
            if (lora != null && slot >= 0) {
                int first = 2 * (layer * targets.size() + slot);
                double[] update = multiply(adapters.get(first + 1), multiply(adapters.get(first), x[t]));
                for (int i = 0; i < update.length; i++) {
                    y[t][i] += (double) lora.loraAlpha() / lora.r() * update[i];
                }
            }
        }
        return y;
    }

    private void rotate(double[][] x, int heads) {
        int half = config.headDim() / 2;
        for (int t = 0; t < x.length; t++) {
            for (int head = 0; head < heads; head++) {
                for (int j = 0; j < half; j++) {
                    double angle = t * Math.pow(config.rope().theta(), -2.0 * j / config.headDim());
                    int a = head * config.headDim() + j;
                    int b = a + half;
                    double first = x[t][a] * Math.cos(angle) - x[t][b] * Math.sin(angle);
                    x[t][b] = x[t][b] * Math.cos(angle) + x[t][a] * Math.sin(angle);
                    x[t][a] = first;
                }
            }
        }
    }

    private double[][] norm(double[][] x, FloatTensor weight) {
        double[][] y = new double[x.length][x[0].length];
        for (int t = 0; t < x.length; t++) {
            double squares = 0;
            for (double value : x[t]) {
                squares += value * value;
            }
            double root = Math.sqrt(squares / x[t].length + config.normEpsilon());
            for (int i = 0; i < x[t].length; i++) {
                y[t][i] = weight.values()[i] * x[t][i] / root;
            }
        }
        return y;
    }

    private static void add(double[][] x, double[][] y) {
        for (int t = 0; t < x.length; t++) {
            for (int i = 0; i < x[t].length; i++) {
                x[t][i] += y[t][i];
            }
        }
    }

    private static double[] multiply(FloatTensor matrix, double[] x) {
        double[] y = new double[matrix.shape()[0]];
        for (int i = 0; i < y.length; i++) {
            for (int j = 0; j < x.length; j++) {
                y[i] += matrix.values()[i * x.length + j] * x[j];
            }
        }
        return y;
    }

    private static double[] row(FloatTensor matrix, int index) {
        int width = matrix.shape()[1];
        double[] row = new double[width];
        for (int i = 0; i < width; i++) {
            row[i] = matrix.values()[index * width + i];
        }
        return row;
    }
}
