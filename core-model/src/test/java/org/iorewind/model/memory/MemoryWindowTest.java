package org.iorewind.model.memory;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MemoryWindowTest {
    private static final long BASE = 0x4000_0000L;
    private static final long BYTES = 0x1_0000;

    private final SparseMemory whole = SparseMemory.zeroFilled();
    private final MemoryWindow window = new MemoryWindow(whole, BASE, BYTES);

    @Test
    void addressesBeginAtZero() {
        whole.writeLong(BASE + 0x18, 0x1234);

        assertThat(window.load(0x10, 2)).isEqualTo(MemoryStatus.OK);
        assertThat(window.word(1)).isEqualTo(0x1234);
        assertThat(window.store(BYTES - 8, 7)).isEqualTo(MemoryStatus.OK);
        assertThat(whole.peek(BASE + BYTES - 8)).isEqualTo(7);
    }

    @Test
    void whatLiesBeyondAbortsAndChangesNothing() {
        assertThat(window.load(BYTES - 8, 2)).isEqualTo(MemoryStatus.ABORT);
        assertThat(window.load(BYTES, 1)).isEqualTo(MemoryStatus.ABORT);
        assertThat(window.load(-8, 1)).isEqualTo(MemoryStatus.ABORT);
        assertThat(window.load(Long.MAX_VALUE - 7, 4)).isEqualTo(MemoryStatus.ABORT);
        assertThat(window.store(BYTES, 1)).isEqualTo(MemoryStatus.ABORT);
        assertThat(window.store(-8, 1)).isEqualTo(MemoryStatus.ABORT);
        assertThat(whole.peek(BASE + BYTES)).isZero();
        assertThat(whole.peek(BASE - 8)).isZero();
    }

    @Test
    void thoseWhoOnlyLookSeeTheSameAndStoreNothing() {
        whole.writeLong(BASE, 5);
        MemoryPort observing = window.observing();

        assertThat(observing.load(0, 1)).isEqualTo(MemoryStatus.OK);
        assertThat(observing.word(0)).isEqualTo(5);
        assertThat(observing.load(BYTES, 1)).isEqualTo(MemoryStatus.ABORT);
        assertThat(observing.store(0, 6)).isEqualTo(MemoryStatus.OK);
        assertThat(whole.peek(BASE)).isEqualTo(5);
    }
}
