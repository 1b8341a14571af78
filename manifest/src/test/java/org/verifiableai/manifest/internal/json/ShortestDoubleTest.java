package org.verifiableai.manifest.internal.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShortestDoubleTest {

    private static String write(double value) {
        StringBuilder out = new StringBuilder();
        ShortestDouble.append(value, out);
        return out.toString();
    }

    // ECMA-262, Number::toString: the layout changes at 21 digits before and 6 zeros behind the decimal point.
    @ParameterizedTest
    @CsvSource({
        "0.0, 0",
        "-0.0, 0",
        "1.0, 1",
        "-1.5, -1.5",
        "10, 10",
        "123456, 123456",
        "0.1, 0.1",
        "0.000001, 0.000001",
        "0.00000123, 0.00000123",
        "0.0000001, 1e-7",
        "0.000000123, 1.23e-7",
        "999999999999999900000, 999999999999999900000",
        "123456789012345680000, 123456789012345680000",
        "1e21, 1e+21",
        "-1.2e21, -1.2e+21",
        "9007199254740992, 9007199254740992",
        "9007199254740993, 9007199254740992",
        "333333333.33333329, 333333333.3333333",
        "1e23, 1e+23",
        "9.999999999999999e22, 1e+23",
        "4.9e-324, 5e-324",
        "1.7976931348623157e308, 1.7976931348623157e+308",
        "2.2250738585072014e-308, 2.2250738585072014e-308",
        "2.2250738585072011e-308, 2.225073858507201e-308",
        "2e-3, 0.002",
        "8.41e21, 8.41e+21",
        "2.0019e25, 2.0019e+25"
    })
    void layoutIsThatOfEcmaScript(double value, String text) {
        assertThat(write(value)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void whatIsNoNumberIsRefused(double value) {
        assertThatIllegalArgumentException().isThrownBy(() -> write(value));
    }

    @Test
    void everyPowerOfTwoAndItsNeighboursAreTheShortestThatReadBack() {
        for (int exponent = -1074; exponent <= 1023; exponent++) {
            double power = Math.scalb(1.0, exponent);
            check(power);
            check(Math.nextUp(power));
            if (exponent > -1074) {
                check(Math.nextDown(power));
            }
        }
    }

    @Test
    void everyPowerOfTenAndItsNeighboursAreTheShortestThatReadBack() {
        for (int exponent = -323; exponent <= 308; exponent++) {
            double power = Double.parseDouble("1e" + exponent);
            check(power);
            check(Math.nextUp(power));
            check(Math.nextDown(power));
        }
    }

    @Test
    void randomDoublesAreTheShortestThatReadBack() {
        Random random = new Random(8785);
        for (int i = 0; i < 20_000; i++) {
            double any = Double.longBitsToDouble(random.nextLong());
            if (Double.isFinite(any) && any != 0) {
                check(Math.abs(any));
            }
            check(random.nextInt(1, 1_000_000) / 1000.0);
            check(Double.longBitsToDouble(random.nextLong(1, 1 << 20)));
        }
    }

    private static void check(double value) {
        assertThat(new BigDecimal(write(value))).as(Double.toHexString(value)).isEqualByComparingTo(shortest(value));
    }

    /** Slow and plain: for each number of digits the two decimals around the exact value, and the nearer that reads back. */
    private static BigDecimal shortest(double value) {
        BigDecimal exact = new BigDecimal(value);
        for (int digits = 1; ; digits++) {
            BigDecimal below = exact.round(new MathContext(digits, RoundingMode.DOWN));
            BigDecimal above = exact.round(new MathContext(digits, RoundingMode.UP));
            boolean belowReads = below.doubleValue() == value;
            boolean aboveReads = above.doubleValue() == value;
            if (belowReads && aboveReads) {
                return exact.round(new MathContext(digits, RoundingMode.HALF_EVEN));
            }
            if (belowReads || aboveReads) {
                return belowReads ? below : above;
            }
        }
    }

    @Test
    void theSignIsWrittenBeforeTheSameDigits() {
        DoubleStream.of(Double.MIN_VALUE, 0.3, 1e22, Double.MAX_VALUE)
                .forEach(value -> assertThat(write(-value)).isEqualTo("-" + write(value)));
    }
}
