package org.iorewind.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class StateHasherTest {
    /** Recorded traces hold such values: if this fails, the format broke. */
    @Test
    void theFunctionNeverChanges() {
        StateHasher hasher = new StateHasher();
        assertThat(hasher.value()).isEqualTo(GOLDEN_EMPTY);
        hasher.addLong(1);
        hasher.addLong(-1);
        hasher.addBytes(new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 0, 9);
        assertThat(hasher.value()).isEqualTo(GOLDEN);
    }

    private static final long GOLDEN_EMPTY = 0x492B8D6066C09227L;
    private static final long GOLDEN = 0xE201C39D9AD5BF6L;

    @Test
    void orderAndGroupingMatter() {
        assertThat(hash(1, 2)).isNotEqualTo(hash(2, 1));
        assertThat(hash(0)).isNotEqualTo(hash(0, 0));
        StateHasher one = new StateHasher();
        one.addBytes(new byte[] {1, 2, 3}, 0, 1);
        one.addBytes(new byte[] {1, 2, 3}, 1, 2);
        StateHasher other = new StateHasher();
        other.addBytes(new byte[] {1, 2, 3}, 0, 3);
        assertThat(one.value()).isNotEqualTo(other.value());
    }

    @Test
    void everyInputBitChangesTheResult() {
        Set<Long> seen = new HashSet<>();
        for (int bit = 0; bit < 64; bit++) {
            seen.add(hash(1L << bit, 5));
            seen.add(hash(5, 1L << bit));
        }
        assertThat(seen).hasSize(128);
    }

    @Test
    void readingTheValueDoesNotChangeIt() {
        StateHasher hasher = new StateHasher();
        hasher.addLong(3);
        assertThat(hasher.value()).isEqualTo(hasher.value());
        hasher.reset();
        assertThat(hasher.value()).isEqualTo(new StateHasher().value());
    }

    @Test
    void bytesOutsideOfTheArrayAreRefused() {
        assertThatThrownBy(() -> new StateHasher().addBytes(new byte[4], 3, 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> new StateHasher().addBytes(new byte[4], -1, 2))
                .isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> new StateHasher().addBytes(new byte[4], 1, -1))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    private static long hash(long... values) {
        StateHasher hasher = new StateHasher();
        for (long value : values) {
            hasher.addLong(value);
        }
        return hasher.value();
    }
}
