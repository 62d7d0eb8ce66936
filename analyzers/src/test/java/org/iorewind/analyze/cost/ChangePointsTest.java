package org.iorewind.analyze.cost;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChangePointsTest {
    private static long[] steps(long... levelsAndLengths) {
        return IntStream.range(0, levelsAndLengths.length / 2)
                .boxed()
                .flatMapToLong(i ->
                        IntStream.range(0, (int) levelsAndLengths[2 * i + 1]).mapToLong(j -> levelsAndLengths[2 * i]))
                .toArray();
    }

    @Test
    void numbersThatStayTheSameHaveNoChange() {
        assertThat(ChangePoints.of(new long[0])).isEmpty();
        assertThat(ChangePoints.of(steps(7, 1000))).isEmpty();
    }

    @Test
    void eachStepIsFoundAtItsFirstNumber() {
        assertThat(ChangePoints.of(steps(2, 60, 4, 80))).containsExactly(60);
        assertThat(ChangePoints.of(steps(2, 100, 4, 100, 2, 100))).containsExactly(100, 200);
        assertThat(ChangePoints.of(steps(0, 300, 1, 40))).containsExactly(300);
    }

    /** Pettitt's bound: of 30 numbers even a clean step could be chance once in a million. */
    @Test
    void aFewNumbersProveNothing() {
        assertThat(ChangePoints.of(steps(2, 15, 4, 15))).isEmpty();
        assertThat(ChangePoints.of(steps(2, 200, 4, 7))).isEmpty();
    }

    @Test
    void aStepOfLessThanATenthIsNone() {
        assertThat(ChangePoints.of(steps(1000, 100, 1099, 100))).isEmpty();
        assertThat(ChangePoints.of(steps(1000, 100, 1100, 100))).containsExactly(100);
        assertThat(ChangePoints.of(steps(1100, 100, 1000, 100))).containsExactly(100);
    }

    @Test
    void oneLargeNumberMovesNothing() {
        long[] values = steps(2, 100, 4, 100);
        values[30] = 1_000_000_000;
        values[170] = 0;
        assertThat(ChangePoints.of(values)).contains(100);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void chanceAloneMakesNoChange(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        assertThat(ChangePoints.of(random.longs(5000, 0, 100).toArray())).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void aStepIsFoundAmongChanceNotFarFromItsPlace(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        long[] values = IntStream.range(0, 1000)
                .mapToLong(i -> random.nextInt(100) + (i < 400 ? 0 : 50))
                .toArray();
        assertThat(ChangePoints.of(values)).hasSize(1).allMatch(place -> Math.abs(place - 400) < 30);
    }

    @Test
    void theWorstOfMostNumbersStaysInBounds() {
        assertThat(ChangePoints.of(steps(0, 1 << 14, Long.MAX_VALUE >>> 20, 1 << 14)))
                .containsExactly(1 << 14);
    }
}
