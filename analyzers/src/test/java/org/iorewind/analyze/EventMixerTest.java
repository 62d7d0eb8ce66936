package org.iorewind.analyze;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.iorewind.trace.EventKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Events over time, against counting with the slices of the end from the beginning. */
class EventMixerTest {
    private static final int SLICES = 4096;

    @ParameterizedTest
    @ValueSource(longs = {0, 999, 1_000, 4_095_999, 4_096_000, 12_345_678_901L, Long.MAX_VALUE})
    void eachEventIsInTheSliceOfItsTime(long last) {
        Random random = new Random(last);
        EventMixer mixer = new EventMixer();
        long[] times = new long[5_000];
        EventKind[] kinds = new EventKind[times.length];
        for (int i = 0; i < times.length; i++) {
            times[i] = random.nextInt(3) == 0 || last == 0 ? last / 7 : Math.floorMod(random.nextLong(), last);
            kinds[i] = EventKind.values()[random.nextInt(25)];
        }
        times[4_000] = last;
        for (int i = 0; i < times.length; i++) {
            mixer.count(kinds[i], times[i]);
        }

        EventMix mix = mixer.result();

        long slice = 1_000;
        while (last / slice >= SLICES) {
            slice *= 2;
        }
        assertThat(mix.sliceNs()).isEqualTo(slice);
        assertThat(mix.slices()).isEqualTo((int) (last / slice) + 1);
        for (EventMix.Row row : mix.kinds()) {
            long[] expected = new long[mix.slices()];
            for (int i = 0; i < times.length; i++) {
                expected[(int) (times[i] / slice)] += kinds[i].label().equals(row.kind()) ? 1 : 0;
            }
            assertThat(row.counts()).as(row.kind()).isEqualTo(expected);
        }
        assertThat(mix.kinds().stream()
                        .mapToLong(row -> Arrays.stream(row.counts()).sum())
                        .sum())
                .isEqualTo(times.length);
    }

    @Test
    void aTimeBeforeTheStartCountsAsTheStart() {
        EventMixer mixer = new EventMixer();
        mixer.count(EventKind.MMIO_READ, 5_000);
        mixer.count(EventKind.MMIO_READ, -7);

        assertThat(mixer.result().kinds())
                .singleElement()
                .satisfies(row -> assertThat(row.counts()).isEqualTo(new long[] {1, 0, 0, 0, 0, 1}));
        assertThat(new EventMixer().result().kinds()).isEqualTo(List.of());
    }
}
