package org.verifiableai.manifest.files;

import java.util.List;

/**
 * Where a tensor lies in a safetensors file and how its bytes are to be read. Instances come from
 * {@link SafetensorsHeader}, which has checked them against each other and the file's size.
 *
 * @param name as the header has it; any Unicode text, which may be empty
 * @param dtype what the elements are
 * @param shape the size of each dimension, outermost first; empty for a scalar
 * @param begin of the span, in bytes from the start of the data, not of the file
 * @param end of the span, exclusive, in bytes from the start of the data
 */
public record SafetensorsTensor(String name, SafetensorsDtype dtype, List<Long> shape, long begin, long end) {

    /** Copies the shape. */
    public SafetensorsTensor {
        shape = List.copyOf(shape);
    }

    /** The length of the span in bytes. */
    public long size() {
        return end - begin;
    }
}
