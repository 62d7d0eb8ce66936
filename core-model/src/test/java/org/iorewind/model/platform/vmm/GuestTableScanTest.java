package org.iorewind.model.platform.vmm;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.platform.ListingBus;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.junit.jupiter.api.Test;

/** Reference 6.1: what a VMM finds in a guest's v1 tables. */
class GuestTableScanTest {
    private static final long ROOT = 0x10_0000L;
    private static final long LOWER = 0x10_1000L;
    private static final long LOWEST = 0x10_2000L;
    private static final long RW = 3L << 61;
    private static final long PAGE_2M = 0x20_0000L;

    private final VirtualMachine machine = new VirtualMachine(new ListingBus(), 1, 0, 1L << 30);
    private final GuestTableScan scan = new GuestTableScan(machine);

    private void entry(long table, int index, long target, int nextLevel, long rights) {
        machine.store(MemoryRole.HOST_TABLE, table + index * 8L, target | (long) nextLevel << 9 | rights | 1);
    }

    private java.util.List<ShadowPage> scan(int mode, AddressSpan span) {
        return scan.scan(DeviceEntryImage.host(1, ROOT, mode), span, 1000);
    }

    @Test
    void pagesOfAllLevelsByRisingAddress() {
        entry(ROOT, 0, LOWER, 2, RW);
        entry(ROOT, 1, 0x4000_0000L, 0, RW);
        entry(LOWER, 0, LOWEST, 1, RW);
        entry(LOWER, 2, 0x60_0000, 0, RW);
        entry(LOWEST, 5, 0x7000, 0, 1L << 61);
        assertThat(scan(3, AddressSpan.EVERYTHING))
                .containsExactly(
                        new ShadowPage(0x5000, 0x1000, 0x7000, 1),
                        new ShadowPage(2 * PAGE_2M, PAGE_2M, 0x60_0000, 3),
                        new ShadowPage(1L << 30, 1L << 30, 1L << 30, 3));
        assertThat(scan.reads()).isEqualTo(3 * 512);
        assertThat(scan.isCut()).isFalse();
    }

    @Test
    void onlyTheSpanIsRead() {
        entry(ROOT, 0, 0x5000, 0, RW);
        entry(ROOT, 1, 0x6000, 0, RW);
        entry(ROOT, 2, 0x7000, 0, RW);
        assertThat(scan(1, new AddressSpan(0x1800, 0x1FFF))).containsExactly(new ShadowPage(0x1000, 0x1000, 0x6000, 3));
        assertThat(scan.reads()).isEqualTo(1);
        assertThat(scan(1, new AddressSpan(1L << 60, -1))).isEmpty();
        assertThat(scan.reads()).isZero();
    }

    @Test
    void rightsOfAllLevelsCount() {
        entry(ROOT, 0, LOWEST, 1, 1L << 61);
        entry(LOWEST, 0, 0x5000, 0, RW);
        entry(LOWEST, 1, 0x6000, 0, 1L << 62);
        assertThat(scan(2, AddressSpan.EVERYTHING)).containsExactly(new ShadowPage(0, 0x1000, 0x5000, 1));
    }

    @Test
    void aPageWhoseSizeStandsInItsAddressIsOnePage() {
        // 8 KiB: bit 12 is the lowest zero bit.
        entry(ROOT, 2, 0x8000, 7, RW);
        entry(ROOT, 3, 0x8000, 7, RW);
        // 2 MiB belongs to level 2: of no use here.
        entry(ROOT, 4, 0x4F_F000, 7, RW);
        assertThat(scan(1, AddressSpan.EVERYTHING)).containsExactly(new ShadowPage(0x2000, 0x2000, 0x8000, 3));
    }

    @Test
    void skippedLevelsLeaveTheirBitsZero() {
        entry(ROOT, 1, LOWEST, 1, RW);
        entry(LOWEST, 3, 0x9000, 0, RW);
        long start = 1L << 30;
        assertThat(scan(3, AddressSpan.EVERYTHING)).containsExactly(new ShadowPage(start + 0x3000, 0x1000, 0x9000, 3));
        assertThat(scan(3, new AddressSpan(start + PAGE_2M, start + 2 * PAGE_2M)))
                .isEmpty();
    }

    @Test
    void tablesThatDoNotDescendAreNotFollowed() {
        entry(ROOT, 0, ROOT, 3, RW);
        entry(ROOT, 1, ROOT, 6, RW);
        assertThat(scan(3, AddressSpan.EVERYTHING)).isEmpty();
        assertThat(scan.reads()).isEqualTo(512);
    }

    @Test
    void pagesOfTheTopLevelDoNotExist() {
        entry(ROOT, 0, 0x5000, 0, RW);
        assertThat(scan(6, AddressSpan.EVERYTHING)).isEmpty();
        assertThat(scan.reads()).isEqualTo(128);
    }

    @Test
    void hostileTablesCostNoMoreThanTheLimit() {
        // All entries of each level point to the next one: 512^6 entries.
        for (int level = 1; level <= 5; level++) {
            for (int index = 0; index < 512; index++) {
                entry(ROOT + level * 0x1000L, index, ROOT + (level - 1) * 0x1000L, level, RW);
            }
        }
        scan.scan(DeviceEntryImage.host(1, ROOT + 0x5000, 6), AddressSpan.EVERYTHING, 1000);
        assertThat(scan.isCut()).isTrue();
        assertThat(scan.reads()).isEqualTo(GuestTableScan.MOST_READS);
    }

    @Test
    void noMorePagesAreFoundThanWanted() {
        for (int index = 0; index < 10; index++) {
            entry(ROOT, index, 0x10_000L + index * 0x2000L, 0, RW);
        }
        assertThat(scan.scan(DeviceEntryImage.host(1, ROOT, 1), AddressSpan.EVERYTHING, 4))
                .hasSize(4);
        assertThat(scan.isCut()).isTrue();
    }
}
