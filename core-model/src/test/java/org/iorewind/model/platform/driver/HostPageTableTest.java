package org.iorewind.model.platform.driver;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.SoftwareMachine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Reference 6.1: v1 tables that a driver builds. */
class HostPageTableTest {
    private static final long RIGHTS_AND_FC = 0x7000_0000_0000_0000L;

    private final SoftwareMachine machine = new SoftwareMachine();

    private HostPageTable table(int levels, EmptyTables emptyTables) {
        return new HostPageTable(machine.port(), levels, 6, HostPageTable.ALL_SIZES, emptyTables);
    }

    private long load(long address) {
        return machine.port().load(address);
    }

    @Test
    void aPageOf4KTakesATableAtEachLevel() {
        HostPageTable table = HostPageTable.ofThreeLevels(machine.port());
        machine.port().forget();
        assertThat(table.map(0x4020_5000L, 0x12_3000, 0x1000, 3)).isEqualTo(Errno.OK);
        long directory = load(table.root() + 8);
        assertThat(directory & ~0xF_FFFF_FFFF_F000L).isEqualTo(0x6000_0000_0000_0000L | 2 << 9 | 1);
        long lower = load((directory & 0xF_FFFF_FFFF_F000L) + 8);
        assertThat(lower & ~0xF_FFFF_FFFF_F000L).isEqualTo(0x6000_0000_0000_0000L | 1 << 9 | 1);
        assertThat(load((lower & 0xF_FFFF_FFFF_F000L) + 5 * 8)).isEqualTo(RIGHTS_AND_FC | 0x12_3000 | 1);
        assertThat(table.tables()).isEqualTo(3);
        assertThat(table.pageEntries()).isEqualTo(1);
        // One store for the page and one for each new directory.
        assertThat(machine.port().stores(MemoryRole.HOST_TABLE)).isEqualTo(3);
    }

    @ParameterizedTest
    @CsvSource({
        // iova, target, bytes, page entries
        "200000, 400000, 200000, 1",
        "200000, 401000, 200000, 512",
        "40000000, 80000000, 40000000, 1",
        "8000, 10000, 8000, 8",
        "0, 10000, 3000, 3",
        "800000, 800000, 800000, 4",
        "0, 0, 8000000000, 512"
    })
    void theLargestPagesThatFitAreUsed(String iova, String target, String bytes, long entries) {
        HostPageTable table = HostPageTable.ofThreeLevels(machine.port());
        long first = Long.parseLong(iova, 16);
        long size = Long.parseLong(bytes, 16);
        assertThat(table.map(first, Long.parseLong(target, 16), size, 3)).isEqualTo(Errno.OK);
        assertThat(table.pageEntries()).isEqualTo(entries);
        assertThat(table.translate(first + size - 1)).isEqualTo(Long.parseLong(target, 16) + size - 1);
        assertThat(table.unmap(first, size)).isEqualTo(size);
        assertThat(table.pageEntries()).isZero();
        assertThat(table.translate(first)).isEqualTo(-1);
    }

    @Test
    void aSizeThatNoLevelHasStandsInTheAddressOfEveryCopy() {
        HostPageTable table = table(1, EmptyTables.KEPT);
        table.map(0x8000, 0x1_0000, 0x8000, 1);
        // 32 KiB: address bits 13:12 ones, bit 14 zero; NextLevel 7; 8 copies.
        for (int copy = 0; copy < 8; copy++) {
            assertThat(load(table.root() + 64 + copy * 8L))
                    .isEqualTo(0x3000_0000_0000_0000L | 0x1_0000 | 0x3000 | 7 << 9 | 1);
        }
        assertThat(load(table.root() + 128)).isZero();
    }

    @Test
    void pageSizesCanBeLimited() {
        HostPageTable levels = new HostPageTable(machine.port(), 3, 6, HostPageTable.LEVEL_SIZES, EmptyTables.KEPT);
        levels.map(0, 0, 0x80_0000, 3);
        assertThat(levels.pageEntries()).isEqualTo(4);
        levels.map(0x80_0000, 0x80_0000, 0x8000, 3);
        assertThat(levels.pageEntries()).isEqualTo(12);
        HostPageTable small = new HostPageTable(machine.port(), 3, 6, HostPageTable.SMALLEST_ONLY, EmptyTables.KEPT);
        small.map(0x20_0000, 0x20_0000, 0x20_0000, 3);
        assertThat(small.pageEntries()).isEqualTo(512);
    }

    @Test
    void tablesGrowWhenAnAddressNeedsIt() {
        HostPageTable table = table(1, EmptyTables.UNLINKED);
        table.map(0x1000, 0x5000, 0x1000, 3);
        long root = table.root();
        assertThat(table.map(0x20_0000, 0x6000, 0x1000, 3)).isEqualTo(Errno.OK);
        assertThat(table.levels()).isEqualTo(2);
        assertThat(table.root()).isNotEqualTo(root);
        assertThat(table.translate(0x1000)).isEqualTo(0x5000);
        assertThat(table.map(0xFFFF_FFFF_FFFF_F000L, 0x7000, 0x1000, 3)).isEqualTo(Errno.OK);
        assertThat(table.levels()).isEqualTo(6);
        assertThat(table.translate(0xFFFF_FFFF_FFFF_F008L)).isEqualTo(0x7008);
        assertThat(table.unmap(0xFFFF_FFFF_FFFF_F000L, 0x1000)).isEqualTo(0x1000);
        assertThat(table.translate(0x20_0000)).isEqualTo(0x6000);
    }

    @Test
    void whatTheHardwareCannotWalkIsRefused() {
        HostPageTable table = new HostPageTable(machine.port(), 3, 4, HostPageTable.ALL_SIZES, EmptyTables.KEPT);
        assertThat(table.map(1L << 48, 0, 0x1000, 3)).isEqualTo(Errno.RANGE);
        assertThat(table.map((1L << 48) - 0x1000, 0, 0x2000, 3)).isEqualTo(Errno.RANGE);
        assertThat(table.map(-0x1000, 0, 0x2000, 3)).isEqualTo(Errno.RANGE);
        assertThat(table.translate(1L << 50)).isEqualTo(-1);
        assertThat(table.unmap(1L << 50, 0x1000)).isZero();
        assertThat(table.protect(1L << 50, 0x1000, 1)).isZero();
        assertThat(table.tables()).isEqualTo(1);
    }

    @Test
    void partsOfPagesAreRefused() {
        HostPageTable table = HostPageTable.ofThreeLevels(machine.port());
        assertThat(table.map(0x800, 0, 0x1000, 3)).isEqualTo(Errno.INVALID);
        assertThat(table.map(0, 0x800, 0x1000, 3)).isEqualTo(Errno.INVALID);
        assertThat(table.map(0, 0, 0x800, 3)).isEqualTo(Errno.INVALID);
        assertThat(table.map(0, 0, 0, 3)).isEqualTo(Errno.INVALID);
        assertThat(table.unmap(0, 0)).isZero();
        assertThat(table.protect(0, 0, 1)).isZero();
    }

    @Test
    void whatIsMappedIsNotMappedOver() {
        HostPageTable table = HostPageTable.ofThreeLevels(machine.port());
        table.map(0x5000, 0x1000, 0x1000, 3);
        assertThat(table.map(0x4000, 0x8000, 0x3000, 3)).isEqualTo(Errno.EXISTS);
        assertThat(table.map(0, 0x4000_0000, 0x4000_0000, 3)).isEqualTo(Errno.EXISTS);
        assertThat(table.translate(0x4000)).isEqualTo(-1);
        assertThat(table.translate(0x5000)).isEqualTo(0x1000);
    }

    @Test
    void aPageThatReachesBeyondTheRangeStays() {
        HostPageTable table = HostPageTable.ofThreeLevels(machine.port());
        table.map(0x20_0000, 0x40_0000, 0x20_0000, 3);
        table.map(0x40_0000, 0x1000, 0x1000, 3);
        assertThat(table.unmap(0x30_0000, 0x20_0000)).isEqualTo(0x1000);
        assertThat(table.unmap(0x20_0000, 0x10_0000)).isZero();
        assertThat(table.protect(0x30_0000, 0x10_0000, 1)).isZero();
        assertThat(table.translate(0x3F_FFFF)).isEqualTo(0x5F_FFFF);
    }

    @Test
    void rightsChangeInPlace() {
        HostPageTable table = HostPageTable.ofThreeLevels(machine.port());
        table.map(0x8000, 0x1_0000, 0x8000, 3);
        table.map(0x1_0000, 0x2_1000, 0x1000, 3);
        machine.port().forget();
        assertThat(table.protect(0x8000, 0x10_0000, 1)).isEqualTo(0x9000);
        assertThat(machine.port().stores(MemoryRole.HOST_TABLE)).isEqualTo(9);
        assertThat(table.translate(0xF123)).isEqualTo(0x1_7123);
        assertThat(table.translate(0x1_0000)).isEqualTo(0x2_1000);
        assertThat(table.unmap(0x8000, 0x9000)).isEqualTo(0x9000);
    }

    @Test
    void emptyTablesAreUnlinkedAtOnceIfAsked() {
        HostPageTable table = table(3, EmptyTables.UNLINKED);
        table.map(0x5000, 0x1000, 0x1000, 3);
        long allocated = machine.port().allocated();
        table.unmap(0x5000, 0x1000);
        assertThat(table.unlinked()).isEqualTo(2);
        assertThat(table.hasUnlinked()).isTrue();
        assertThat(load(table.root())).isZero();
        // The memory is still theirs: hardware may hold a way to it until the flush.
        assertThat(machine.port().allocated()).isEqualTo(allocated);
        table.release();
        assertThat(machine.port().allocated()).isEqualTo(allocated - 8192);
        assertThat(table.hasUnlinked()).isFalse();
        assertThat(table.tables()).isEqualTo(1);
    }

    @Test
    void emptyTablesGoOnlyWithAllTheyCoverInLinux() {
        HostPageTable table = table(3, EmptyTables.UNLINKED_IF_COVERED);
        table.map(0x20_1000, 0x1000, 0x1F_F000, 3);
        table.map(0x20_0000, 0x80_0000, 0x1000, 3);
        table.unmap(0x20_0000, 0x1000);
        table.unmap(0x20_1000, 0x1F_F000);
        assertThat(table.unlinked()).isZero();
        table.map(0x20_0000, 0x1000, 0x20_0000, 3);
        table.unmap(0x20_0000, 0x20_0000);
        assertThat(table.unlinked()).isEqualTo(1);
        table.map(0x20_0000, 0x1000, 0x20_0000, 3);
        table.unmap(0x20_0000, 0x40_0000_0000L);
        assertThat(table.unlinked()).isEqualTo(2);
    }

    @Test
    void emptyTablesStayIfAskedAndMakeRoomForLargePages() {
        HostPageTable table = table(4, EmptyTables.KEPT);
        table.map(0x5000, 0x1000, 0x1000, 3);
        table.unmap(0x5000, 0x1000);
        assertThat(table.tables()).isEqualTo(4);
        assertThat(table.map(0, 0, 0x4000_0000, 3)).isEqualTo(Errno.OK);
        // The tables of levels 1 and 2 make room for a page of 1 GiB.
        assertThat(table.unlinked()).isEqualTo(2);
        assertThat(table.tables()).isEqualTo(2);
        assertThat(table.translate(0x3FFF_FFFF)).isEqualTo(0x3FFF_FFFF);
    }

    @ParameterizedTest
    @EnumSource(EmptyTables.class)
    void allMemoryComesBack(EmptyTables emptyTables) {
        HostPageTable table = table(3, emptyTables);
        table.map(0x5000, 0x1000, 0x1000, 3);
        table.map(0x4000_0000, 0x1000, 0x1000, 3);
        table.unmap(0x5000, 0x1000);
        table.destroy();
        assertThat(machine.port().allocated()).isZero();
    }
}
