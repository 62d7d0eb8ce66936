package org.iorewind.model.platform.driver;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.platform.SoftwareMachine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reference 6.2: v2 tables and GCR3 tables that a driver builds. */
class GuestPageTableTest {
    private final SoftwareMachine machine = new SoftwareMachine();

    private long load(long address) {
        return machine.port().load(address);
    }

    @Test
    void aPageOf4KIsWritableOnlyIfAsked() {
        GuestPageTable table = GuestPageTable.ofFourLevels(machine.port());
        table.map(0x1000, 0x5000, 0x1000, 1);
        table.map(0x2000, 0x7000, 0x1000, 3);
        long at = table.root();
        for (int level = 4; level > 1; level--) {
            // P, R/W, U/S, A.
            assertThat(load(at) & 0xFFF).isEqualTo(0x27);
            at = load(at) & -4096;
        }
        // P, U/S, A; and R/W, D.
        assertThat(load(at + 8)).isEqualTo(0x5025);
        assertThat(load(at + 16)).isEqualTo(0x7067);
    }

    @Test
    void largePagesHavePs() {
        GuestPageTable table = GuestPageTable.ofFourLevels(machine.port());
        table.map(0x4000_0000, 0x8000_0000L, 0x4020_0000, 3);
        assertThat(table.pageEntries()).isEqualTo(2);
        long level3 = load(table.root()) & -4096;
        assertThat(load(level3 + 8)).isEqualTo(0x8000_00E7L);
        assertThat(load(load(level3 + 16) & -4096)).isEqualTo(0xC000_00E7L);
        assertThat(table.translate(0x801F_FFFFL)).isEqualTo(0xC01F_FFFFL);
        assertThat(table.unmap(0x4000_0000, 0x4020_0000)).isEqualTo(0x4020_0000);
    }

    @ParameterizedTest
    @ValueSource(ints = {4, 5})
    void onlyTheLowerHalfIsReached(int levels) {
        GuestPageTable table =
                new GuestPageTable(machine.port(), levels, GuestPageTable.ALL_SIZES, EmptyTables.UNLINKED);
        long half = 1L << 9 * levels + 11;
        assertThat(table.map(half - 0x1000, 0x1000, 0x1000, 3)).isEqualTo(Errno.OK);
        assertThat(table.map(half, 0x1000, 0x1000, 3)).isEqualTo(Errno.RANGE);
        assertThat(table.translate(half)).isEqualTo(-1);
        assertThat(table.levels()).isEqualTo(levels);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void aGcr3TableHasNineBitsForEachLevel(int levels) {
        Gcr3Table table = new Gcr3Table(machine.port(), levels);
        int most = levels == 3 ? 0xF_FFFF : (1 << 9 * levels) - 1;
        assertThat(table.covers(most)).isTrue();
        assertThat(table.covers(most + 1)).isFalse();
        assertThat(table.set(most + 1, 0x9000)).isEqualTo(Errno.RANGE);
        assertThat(table.get(most + 1)).isZero();
        assertThat(table.clear(most + 1)).isEqualTo(Errno.NO_ENTRY);
        assertThat(table.get(most)).isZero();
        assertThat(table.clear(most)).isEqualTo(Errno.NO_ENTRY);
        assertThat(table.set(most, 0x9000)).isEqualTo(Errno.OK);
        assertThat(table.set(most, 0xA000)).isEqualTo(Errno.EXISTS);
        assertThat(table.set(0, 0xB000)).isEqualTo(Errno.OK);
        assertThat(table.get(most)).isEqualTo(0x9000);
        assertThat(table.get(0)).isEqualTo(0xB000);
        assertThat(table.get(1)).isZero();
        assertThat(table.clear(1)).isEqualTo(Errno.NO_ENTRY);
        assertThat(table.levels()).isEqualTo(levels);
        long at = table.root();
        for (int level = levels; level > 1; level--) {
            at = load(at) - 1;
        }
        assertThat(load(at)).isEqualTo(0xB001);
        assertThat(table.clear(most)).isEqualTo(Errno.OK);
        assertThat(table.get(most)).isZero();
        table.destroy();
        assertThat(machine.port().allocated()).isZero();
    }
}
