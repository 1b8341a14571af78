package org.verifiableai.manifest.internal.json;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.List;
import java.util.stream.DoubleStream;
import org.junit.jupiter.params.provider.MethodSource;

class ShortestDoubleFuzzTest {

    @MethodSource("seeds")
    @FuzzTest
    void whatIsWrittenReadsBackAndIsNotLongerThanWhatJavaWrites(long bits) {
        double value = Double.longBitsToDouble(bits);
        if (!Double.isFinite(value)) {
            return;
        }
        StringBuilder out = new StringBuilder();
        ShortestDouble.append(value, out);
        assertThat(Double.parseDouble(out.toString())).isEqualTo(value + 0.0);
        assertThat(digits(out.toString())).isLessThanOrEqualTo(digits(Double.toString(value)));
    }

    /** The number of digits between the first and the last that are not zero. */
    private static int digits(String number) {
        String digits = number.replaceFirst("[eE].*", "").replaceAll("[-.]", "");
        return digits.replaceFirst("^0+", "").replaceFirst("0+$", "").length();
    }

    static List<Long> seeds() {
        return DoubleStream.of(0.1, -1e21, Double.MIN_VALUE, Math.nextUp(1e22), 0x1p-1022, 0x1p60)
                .mapToObj(Double::doubleToRawLongBits)
                .toList();
    }
}
