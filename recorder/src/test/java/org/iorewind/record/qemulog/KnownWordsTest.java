package org.iorewind.record.qemulog;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KnownWordsTest {
    private static final long HIGHEST = -8;

    private final KnownWords known = new KnownWords();

    @Test
    void aWordIsKnownByItsAddressAlsoAtTheTopOfTheAddressSpace() {
        known.remember(HIGHEST, 7);
        known.remember(0x1008, 0);
        assertThat(known.holds(HIGHEST, 7)).isTrue();
        assertThat(known.holds(HIGHEST, 8)).isFalse();
        assertThat(known.holds(0x1008, 0)).isTrue();
        assertThat(known.holds(0x1000, 0)).isFalse();
        assertThat(known.holds(0x2008, 0)).isFalse();
    }

    @Test
    void aStoreMakesEachWordItTouchesUnknown() {
        for (long address = 0xff0; address <= 0x1008; address += 8) {
            known.remember(address, 1);
        }
        known.forget(0xfff, 2);
        assertThat(known.holds(0xff0, 1)).isTrue();
        assertThat(known.holds(0xff8, 1)).isFalse();
        assertThat(known.holds(0x1000, 1)).isFalse();
        assertThat(known.holds(0x1008, 1)).isTrue();
    }

    @Test
    void aStoreAcrossTheTopOfTheAddressSpaceEnds() {
        known.remember(HIGHEST, 1);
        known.remember(0, 1);
        known.forget(-1, 2);
        assertThat(known.holds(HIGHEST, 1)).isFalse();
        assertThat(known.holds(0, 1)).isFalse();
    }

    @Test
    void beyondItsBoundItForgetsAndGoesOn() {
        for (long page = 0; page <= KnownWords.MOST_PAGES; page++) {
            known.remember(page << 12, 1);
        }
        assertThat(known.holds(0, 1)).isFalse();
        assertThat(known.holds((long) KnownWords.MOST_PAGES << 12, 1)).isTrue();
    }
}
