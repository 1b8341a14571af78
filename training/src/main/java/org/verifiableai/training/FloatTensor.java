package org.verifiableai.training;

import java.util.Arrays;

/** A tensor of float32 on its way between a file and the engine. Row-major. The array is not copied; its maker gives it up. */
@SuppressWarnings("ArrayRecordComponent") // bulk data on its way; nobody compares or keeps it
record FloatTensor(int[] shape, float[] values) {

    FloatTensor {
        long size = 1;
        for (int dimension : shape) {
            size = Math.multiplyExact(size, dimension);
        }
        if (size != values.length) {
            throw new IllegalArgumentException(
                    "shape " + Arrays.toString(shape) + " holds " + size + " values, found " + values.length);
        }
    }

    boolean hasShape(int... expected) {
        return Arrays.equals(shape, expected);
    }
}
