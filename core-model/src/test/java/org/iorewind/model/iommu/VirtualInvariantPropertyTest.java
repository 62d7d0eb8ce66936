package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** amd-viommu reference 14.3, invariants 7 and 8; invariant 4 is the business of {@link VirtualIsolationPropertyTest}. */
class VirtualInvariantPropertyTest {
    private static final int GUEST = 3;
    private static final long RUNNING = 1 << 4;

    private final GuestBench bench = new GuestBench();

    /** Invariant 7: hardware moves the head only while CmdBufRun=1, and within the ring. */
    @Property(tries = 30)
    void theHeadMovesOnlyWhileTheRingRuns(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        bench.add(GUEST);
        for (int step = 0; step < 200; step++) {
            long at = GuestBench.base(GUEST) + GuestBench.RING + random.nextInt(256) * 16L;
            bench.machine.memory.writeLong(at, random.nextInt(6) == 0 ? random.nextLong() : 1L << 60);
            bench.machine.memory.writeLong(at + 8, 0);
            boolean wasRunning = (bench.status(GUEST) & RUNNING) != 0;
            long head = bench.page(GUEST, 0x00);
            bench.page(GUEST, 0x08, random.nextInt(512) * 16L);
            long moved = bench.page(GUEST, 0x00);
            assertThat(moved).isBetween(0L, 0xFF0L);
            assertThat(moved & 0xF).isZero();
            if (!wasRunning) {
                assertThat(moved).isEqualTo(head);
                long control = bench.control(GUEST, 0x20);
                bench.control(GUEST, 0x20, control & ~GuestBench.ENABLE);
                bench.page(GUEST, 0x08, head);
                bench.control(GUEST, 0x20, control);
            }
        }
    }

    /** Invariant 8: beyond 97h a VF page reads 0 and ignores writes. */
    @Property(tries = 100)
    void beyondTheListedRegistersThereIsNothing(@ForAll long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        bench.add(GUEST);
        long before = bench.machine.hash();
        int offset = 0x98 + random.nextInt((0x1000 - 0x98) / 8) * 8;
        bench.page(GUEST, offset, random.nextLong());
        assertThat(bench.page(GUEST, offset)).isZero();
        assertThat(bench.machine.hash()).isEqualTo(before);
    }
}
