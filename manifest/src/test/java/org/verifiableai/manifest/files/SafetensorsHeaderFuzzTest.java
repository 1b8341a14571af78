package org.verifiableai.manifest.files;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.provider.MethodSource;
import org.verifiableai.attestation.Bytes;
import org.verifiableai.attestation.MalformedEvidenceException;

class SafetensorsHeaderFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void aFileIsRefusedOrEveryByteOfItBelongsToOneTensor(byte[] input) {
        Bytes file = Bytes.of(input);
        SafetensorsHeader header;
        try {
            header = SafetensorsHeader.parse(file, file.size());
        } catch (MalformedEvidenceException e) {
            assertThat(e.getMessage()).doesNotContain("\n");
            return;
        }
        long end = 0;
        for (SafetensorsTensor tensor : header.tensors()) {
            assertThat(tensor.begin()).isEqualTo(end);
            assertThat(tensor.size()).isNotNegative();
            end = tensor.end();
        }
        assertThat(header.dataOffset() + end).isEqualTo(file.size());
    }

    static List<byte[]> seeds() {
        return Stream.of(
                        SafetensorsBytes.sound(),
                        SafetensorsBytes.of("{}", 0),
                        SafetensorsBytes.of(
                                "{\"__metadata__\":{\"format\":\"pt\"},\"b\":{\"dtype\":\"F4\",\"shape\":[2,2],\"data_offsets\":[4,6]},"
                                        + "\"\\u20ac\":{\"dtype\":\"BF16\",\"shape\":[],\"x\":[1],\"data_offsets\":[0,2]},"
                                        + "\"c\":{\"dtype\":\"F16\",\"shape\":[1],\"data_offsets\":[2,4]}}   ",
                                6))
                .map(Bytes::toByteArray)
                .toList();
    }

    @Test
    void theSeedsAreRead() throws Exception {
        for (byte[] seed : seeds()) {
            Bytes file = Bytes.of(seed);
            assertThat(SafetensorsHeader.parse(file, file.size())).isNotNull();
        }
    }
}
