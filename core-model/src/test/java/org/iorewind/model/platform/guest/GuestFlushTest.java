package org.iorewind.model.platform.guest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.platform.SoftwareMachine.DEVICE;
import static org.iorewind.model.platform.SoftwareMachine.NO_PASID;
import static org.iorewind.model.platform.guest.Guests.RW;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.platform.MemoryRole;
import org.iorewind.model.platform.SoftwareMachine;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.Doorbell;
import org.iorewind.model.platform.driver.DriverOptions;
import org.iorewind.model.platform.driver.EmptyTables;
import org.iorewind.model.platform.driver.Errno;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** amd-viommu reference 8 and 9.2: what maps and unmaps cost a guest, and when they take effect. */
class GuestFlushTest {
    private static final int TAIL = 0x2008;

    private final SoftwareMachine machine = new SoftwareMachine();

    private GuestDriver attached(GuestOptions options, DeviceTraits traits) {
        GuestDriver driver = Guests.attached(machine, options, traits);
        // The first map makes the tables that the next ones find.
        driver.map(DEVICE, 0x30_0000, 0x1000, RW);
        Guests.forget(machine);
        return driver;
    }

    private static MemoryRole tables(TableFormat format) {
        return format == TableFormat.V1 ? MemoryRole.HOST_TABLE : MemoryRole.GUEST_TABLE;
    }

    @ParameterizedTest
    @EnumSource(TableFormat.class)
    void aMapWithoutNpCacheIsTableWritesOnly(TableFormat format) {
        // 9.2 map: Wg=Lg, Cg=0.
        GuestDriver driver = attached(Guests.options(format), DeviceTraits.plain());
        driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        assertThat(machine.port().stores(tables(format))).isEqualTo(1);
        driver.map(DEVICE, 0x41_1000, 0x3000, RW);
        assertThat(machine.port().stores(tables(format))).isEqualTo(4);
        assertThat(machine.port().writesOf(TAIL)).isZero();
        assertThat(machine.port().calls()).containsExactly("map(", ")0", "map(", ")0");
    }

    @ParameterizedTest
    @EnumSource(TableFormat.class)
    void aMapWithNpCacheIsFlushedAndWaitedFor(TableFormat format) {
        // 9.2 map: NpCache forces Cg=2, X=2 for two tail stores.
        GuestDriver driver = attached(Guests.options(format).notPresentCached(true), DeviceTraits.plain());
        long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        assertThat(machine.port().writesOf(TAIL)).isEqualTo(2);
        List<Command> taken = machine.taken();
        assertThat(taken).extracting(Command::opcode).containsExactly(3, 1);
        assertThat(taken.get(0).quadword1() & -4096).isEqualTo(iova);
    }

    @ParameterizedTest
    @EnumSource(TableFormat.class)
    void aStrictUnmapIsOneFlushAndOneWait(TableFormat format) {
        // 9.2 unmap, strict: Wg=Lg, Cg=2 without ATS, Sem=1; 9.1: q=2 tail stores.
        GuestDriver driver = attached(Guests.options(format), DeviceTraits.plain());
        long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        Guests.forget(machine);
        assertThat(driver.unmap(DEVICE, iova, 0x1000)).isEqualTo(Errno.OK);
        assertThat(machine.port().stores(tables(format))).isEqualTo(1);
        assertThat(machine.port().stores(MemoryRole.COMMAND_RING)).isEqualTo(2);
        assertThat(machine.port().writesOf(TAIL)).isEqualTo(2);
        List<Command> taken = machine.taken();
        assertThat(taken).extracting(Command::opcode).containsExactly(3, 1);
        // One page, no directories; v2 tables: GN and PASID 0.
        assertThat(taken.get(0).quadword1()).isEqualTo(iova | (format == TableFormat.V1 ? 0 : 4));
        assertThat(machine.port().calls()).containsExactly("unmap(", ")0");
    }

    @Test
    void aBatchedDoorbellIsRungOnce() {
        GuestOptions options = Guests.options(TableFormat.V2)
                .driver(DriverOptions.linux().devices(256).doorbell(Doorbell.BATCHED));
        GuestDriver driver = attached(options, DeviceTraits.withAts());
        long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        driver.unmap(DEVICE, iova, 0x1000);
        assertThat(machine.opcodes()).containsExactly(3, 4, 1);
        assertThat(machine.port().writesOf(TAIL)).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(TableFormat.class)
    void aDeviceWithAtsCostsOneMoreCommand(TableFormat format) {
        // 9.2 unmap, strict: Cg=2+a.
        GuestDriver driver = attached(Guests.options(format), DeviceTraits.withAts());
        long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        driver.unmap(DEVICE, iova, 0x1000);
        List<Command> taken = machine.taken();
        assertThat(taken).extracting(Command::opcode).containsExactly(3, 4, 1);
        // Requests without PASID are invalidated without PASID.
        assertThat(taken.get(1).quadword1()).isEqualTo(iova);
        assertThat(taken.get(1).quadword0()).isEqualTo(0x4000_0030_2000_0030L);
    }

    @ParameterizedTest
    @EnumSource(TableFormat.class)
    void aLazyUnmapTakesEffectWithTheFlushOfItsQueue(TableFormat format) {
        GuestDriver driver = attached(Guests.options(format).flushPolicy(FlushPolicy.lazy(3)), DeviceTraits.plain());
        List<Long> iovas = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            iovas.add(driver.map(DEVICE, 0x40_0000 + 0x1000L * i, 0x1000, RW));
            assertThat(machine.reaches(iovas.get(i), AccessKind.READ)).isTrue();
        }
        Guests.forget(machine);
        driver.unmap(DEVICE, iovas.get(0), 0x1000);
        driver.unmap(DEVICE, iovas.get(1), 0x1000);
        assertThat(machine.port().writesOf(TAIL)).isZero();
        // The window: caches still answer; the addresses are not given away again.
        assertThat(machine.reaches(iovas.get(0), AccessKind.WRITE)).isTrue();
        assertThat(driver.map(DEVICE, 0x50_0000, 0x1000, RW)).isNotIn(iovas);
        driver.unmap(DEVICE, iovas.get(2), 0x1000);
        // 9.2 unmap, lazy: amortised 2/k tail stores.
        assertThat(machine.port().writesOf(TAIL)).isEqualTo(2);
        List<Command> taken = machine.taken();
        assertThat(taken.get(0).quadword1() & ~6L).isEqualTo(0x7FFF_FFFF_FFFF_F001L);
        assertThat(machine.port().calls())
                .containsExactly("unmap(", ")0", "unmap(", ")0", "map(", ")0", "unmap(", "flush(", ")0", ")0");
        for (long iova : iovas) {
            assertThat(machine.reaches(iova, AccessKind.READ)).isFalse();
        }
        assertThat(driver.map(DEVICE, 0x60_0000, 0x1000, RW)).isIn(iovas);
    }

    @Test
    void aTickFlushesWhatWaits() {
        GuestDriver driver =
                attached(Guests.options(TableFormat.V2).flushPolicy(FlushPolicy.lazy()), DeviceTraits.plain());
        long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        assertThat(driver.tick()).isEqualTo(Errno.OK);
        assertThat(machine.opcodes()).isEmpty();
        assertThat(machine.reaches(iova, AccessKind.READ)).isTrue();
        driver.unmap(DEVICE, iova, 0x1000);
        assertThat(machine.reaches(iova, AccessKind.READ)).isTrue();
        assertThat(driver.tick()).isEqualTo(Errno.OK);
        assertThat(machine.opcodes()).containsExactly(3, 1);
        assertThat(machine.reaches(iova, AccessKind.READ)).isFalse();
        driver.tick();
        assertThat(machine.opcodes()).isEmpty();
    }

    @Test
    void npCacheMakesALazyDriverStrict() {
        GuestDriver driver = attached(
                Guests.options(TableFormat.V1).flushPolicy(FlushPolicy.lazy()).notPresentCached(true),
                DeviceTraits.plain());
        long iova = driver.map(DEVICE, 0x40_0000, 0x1000, RW);
        Guests.forget(machine);
        driver.unmap(DEVICE, iova, 0x1000);
        assertThat(machine.opcodes()).containsExactly(3, 1);
    }

    @Test
    void aRangeIsWidenedUnlessAVmmWouldHaveToLookAtIt() {
        GuestDriver wide = attached(Guests.options(TableFormat.V1), DeviceTraits.plain());
        long iova = wide.map(DEVICE, 0x40_0000, 0x3000, RW);
        wide.unmap(DEVICE, iova, 0x3000);
        assertThat(machine.taken().get(0).quadword1()).isEqualTo(iova | 0x1001);
        SoftwareMachine other = new SoftwareMachine();
        GuestDriver exact =
                Guests.attached(other, Guests.options(TableFormat.V1).notPresentCached(true), DeviceTraits.plain());
        exact.map(DEVICE, 0x40_0000, 0x3000, RW);
        // 8 KiB and 4 KiB: no page that was not changed.
        assertThat(other.taken())
                .extracting(Command::quadword1)
                .startsWith(0xFFFF_C001L, 0xFFFF_E000L)
                .hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(TableFormat.class)
    void tablesThatGoAreFlushedWithTheirDirectoriesAndFreedAfterwards(TableFormat format) {
        GuestDriver driver = attached(Guests.options(format).emptyTables(EmptyTables.UNLINKED), DeviceTraits.plain());
        long allocated = machine.port().allocated();
        long iova = driver.map(DEVICE, 0x40_0000, 0x80_0000, RW);
        long small = driver.map(DEVICE, 0x123_4000, 0x20_0000, RW);
        assertThat(machine.port().allocated()).isEqualTo(allocated + 4096);
        assertThat(machine.reaches(small, AccessKind.READ)).isTrue();
        Guests.forget(machine);
        driver.unmap(DEVICE, small, 0x20_0000);
        // PDE (reference 9.2).
        assertThat(machine.taken().get(0).quadword1() & 2).isEqualTo(2);
        assertThat(machine.port().allocated()).isEqualTo(allocated);
        assertThat(machine.reaches(iova, AccessKind.READ)).isTrue();
    }

    @Test
    void aLazyDriverThatUnlinksTablesFlushesBeforeItsNeighboursMissThem() {
        GuestDriver driver = attached(
                Guests.options(TableFormat.V1).flushPolicy(FlushPolicy.lazy()).emptyTables(EmptyTables.UNLINKED),
                DeviceTraits.plain());
        long iova = driver.map(DEVICE, 0x123_4000, 0x20_0000, RW);
        assertThat(machine.reaches(iova, AccessKind.READ)).isTrue();
        Guests.forget(machine);
        driver.unmap(DEVICE, iova, 0x20_0000);
        assertThat(machine.opcodes()).containsExactly(3, 1);
        long again = driver.map(DEVICE, 0x223_4000, 0x20_0000, RW);
        machine.dma(again, AccessKind.READ);
        assertThat(machine.probe(NO_PASID, again, AccessKind.READ))
                .isEqualTo(machine.bus().target());
    }
}
