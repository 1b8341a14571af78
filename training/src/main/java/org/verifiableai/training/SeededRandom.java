package org.verifiableai.training;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Random;

/**
 * Random numbers that depend on a seed and a name and on nothing else, so that one more tensor does not change what the
 * others draw.
 */
final class SeededRandom {

    private SeededRandom() {}

    /** A generator for {@code name}. {@link Random}'s algorithm is fixed by its specification. */
    static Random of(long seed, String name) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, seed));
            byte[] mixed = digest.digest(name.getBytes(StandardCharsets.UTF_8));
            return new Random(ByteBuffer.wrap(mixed).getLong());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this Java runtime has no SHA-256", e);
        }
    }

    /** Values from the uniform distribution over (-bound, bound). */
    static FloatTensor uniform(Random random, double bound, int... shape) {
        float[] values = new float[size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) ((2 * random.nextDouble() - 1) * bound);
        }
        return new FloatTensor(shape, values);
    }

    /** Values from the normal distribution around zero. */
    static FloatTensor normal(Random random, double deviation, int... shape) {
        float[] values = new float[size(shape)];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * deviation);
        }
        return new FloatTensor(shape, values);
    }

    static int size(int... shape) {
        int size = 1;
        for (int dimension : shape) {
            size = Math.multiplyExact(size, dimension);
        }
        return size;
    }
}
