package org.verifiableai.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.verifiableai.training.LearningRate.Schedule;

class LearningRateTest {

    private static double[] rates(Schedule schedule, int warmup, int total) {
        LearningRate rate = new LearningRate(8, schedule, warmup);
        double[] rates = new double[total];
        for (int step = 0; step < total; step++) {
            rates[step] = rate.at(step, total);
        }
        return rates;
    }

    @Test
    void ratesFollowTheirSchedules() {
        assertThat(rates(Schedule.CONSTANT, 0, 4)).containsExactly(8, 8, 8, 8);
        assertThat(rates(Schedule.CONSTANT, 4, 6)).containsExactly(2, 4, 6, 8, 8, 8);
        assertThat(rates(Schedule.LINEAR, 0, 4)).containsExactly(8, 6, 4, 2);
        assertThat(rates(Schedule.LINEAR, 2, 6)).containsExactly(4, 8, 8, 6, 4, 2);
        double root = Math.sqrt(0.5);
        assertThat(rates(Schedule.COSINE, 0, 4))
                .containsExactly(new double[] {8, 4 + 4 * root, 4, 4 - 4 * root}, within(1e-12));
    }

    @ParameterizedTest
    @EnumSource
    void warmupLongerThanTheTrainingOnlyRises(Schedule schedule) {
        assertThat(rates(schedule, 8, 3)).containsExactly(1, 2, 3);
        assertThat(rates(schedule, 3, 3)).containsExactly(new double[] {8 / 3.0, 16 / 3.0, 8}, within(1e-12));
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void peakThatIsNoRateIsRefused(double peak) {
        assertThatIllegalArgumentException().isThrownBy(() -> new LearningRate(peak, Schedule.CONSTANT, 0));
    }

    @Test
    void warmupBelowZeroIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> new LearningRate(1, Schedule.LINEAR, -1));
    }
}
