package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;

import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.model.memory.SparseMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** amd-viommu reference 2, 3: the private address space, VF pages and VF-control slots. */
class VirtualRegistersTest {
    private static final int GUEST = 3;
    private static final long RUNNING = 1 << 3 | 1 << 4 | 1 << 7;

    private final GuestBench bench = new GuestBench();
    private final Machine machine = bench.machine;

    private void add() {
        bench.add(GUEST);
    }

    @ParameterizedTest
    @CsvSource({
        "0x00, 0x3FFFC0003FFFC001",
        "0x08, 0x3FFFC0003FFFC001",
        "0x10, 0x00000000FFFF0000",
        "0x18, 0x000FFFFFFFFFF000",
        "0x20, 0x000FFFFFFFFFF30F",
        "0x28, 0x000FFFFFFFFFFFFF",
        "0x30, 0x00FFFFFFFFFFFFFF",
        "0x38, 0x000FFFFFFFFFF000"
    })
    void aSlotKeepsWhatIsWritten(String offset, String mask) {
        bench.prepare(GUEST);
        int register = Integer.decode(offset);
        bench.control(GUEST, register, Long.MAX_VALUE);
        assertThat(bench.control(GUEST, register)).isEqualTo(Long.decode(mask));
        bench.control(GUEST, register, 0);
        assertThat(bench.control(GUEST, register)).isZero();
    }

    @ParameterizedTest
    @CsvSource({
        "0x00, 0x7FFF0",
        "0x08, 0x7FFF0",
        "0x10, 0x7FFF0",
        "0x18, 0",
        "0x20, 0",
        "0x28, 0",
        "0x30, 0x7FFF0",
        "0x38, 0",
        "0x40, 0",
        "0x48, 0",
        "0x50, 0x7FFF0",
        "0x58, 0",
        "0x70, 0x7FFF0",
        "0x78, 0",
        "0x80, 0x1F",
        "0x88, 0xC0007FFF",
        "0x90, 0xC0007FFF",
        "0x98, 0",
        "0xA0, 0",
        "0xFF8, 0"
    })
    void aPageTakesWhatTheGuestMayWrite(String offset, String mask) {
        bench.prepare(GUEST);
        int register = Integer.decode(offset);
        bench.page(GUEST, register, -1);
        assertThat(bench.page(GUEST, register)).isEqualTo(Long.decode(mask));
    }

    @Test
    void whatEfrLacksAPageLacksToo() {
        GuestBench poor = new GuestBench(
                GuestBench.options()
                        .extendedFeatures(GuestTables.FEATURES | 1L << 55)
                        .build(),
                false);
        poor.prepare(1);
        for (int register : new int[] {0x30, 0x50, 0x70, 0x80, 0x88, 0x90}) {
            poor.page(1, register, -1);
            assertThat(poor.page(1, register)).isZero();
        }
    }

    @Test
    void registersAreReadAndWrittenInHalvesToo() {
        bench.prepare(GUEST);
        int slot = GUEST * 64;
        machine.iommu.write(RegisterSpace.VF_CONTROL, slot + 0x1C, 4, 0xFFFF_FFFFL);
        machine.iommu.write(RegisterSpace.VF_CONTROL, slot + 0x18, 4, 0x1234_5678L);
        assertThat(bench.control(GUEST, 0x18)).isEqualTo(0x000F_FFFF_1234_5000L);
        assertThat(machine.iommu.read(RegisterSpace.VF_CONTROL, slot + 0x1C, 4)).isEqualTo(0xF_FFFF);
        machine.iommu.write(RegisterSpace.VF, GUEST * 4096 + 0x10, 4, 0xFFFF_FFFFL);
        assertThat(machine.iommu.read(RegisterSpace.VF, GUEST * 4096 + 0x10, 4)).isEqualTo(0x7_FFF0);
        assertThat(machine.iommu.read(RegisterSpace.VF, GUEST * 4096 + 0x14, 4)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"0x10, 2", "0x12, 4", "0x14, 8", "0x10, 1"})
    void otherAccessesDoNothing(String offset, int size) {
        add();
        machine.iommu.write(RegisterSpace.VF, GUEST * 4096 + Integer.decode(offset), size, -1);
        assertThat(bench.page(GUEST, 0x10)).isZero();
        assertThat(machine.iommu.read(RegisterSpace.VF, GUEST * 4096 + Integer.decode(offset), size))
                .isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {-8, 0x1000_0000, Integer.MAX_VALUE & -8, Integer.MIN_VALUE})
    void beyondTheBarThereIsNothing(int offset) {
        long before = machine.hash();
        for (RegisterSpace space : new RegisterSpace[] {RegisterSpace.VF, RegisterSpace.VF_CONTROL}) {
            machine.iommu.write(space, offset, 8, -1);
            assertThat(machine.iommu.read(space, offset, 8)).isZero();
        }
        assertThat(machine.hash()).isEqualTo(before);
    }

    @Test
    void theLastGuestIsLikeAnyOther() {
        bench.add(0xFFFF);
        assertThat(bench.status(0xFFFF)).isEqualTo(RUNNING);
        bench.command(0xFFFF, 1L << 60 | 0x1_0000 | 1, 77);
        assertThat(machine.memory.peek(GuestBench.base(0xFFFF) + 0x1_0000)).isEqualTo(77);
    }

    @Test
    void nothingAnswersWhileVIommuEnIsOff() {
        add();
        machine.write(0x18, GuestBench.CONTROL & ~GuestBench.VIOMMU_EN);
        bench.control(GUEST, 0x10, 0);
        assertThat(bench.control(GUEST, 0x10)).isZero();
        machine.write(0x18, GuestBench.CONTROL);
        assertThat(bench.control(GUEST, 0x10)).isEqualTo((long) GuestBench.translateDevice(GUEST) << 16);
    }

    @Test
    void eachRunBitFollowsItsEnableBit() {
        add();
        assertThat(bench.status(GUEST)).isEqualTo(RUNNING);
        bench.control(GUEST, 0x20, 8);
        assertThat(bench.status(GUEST)).isEqualTo(RUNNING & ~(1 << 4));
        bench.control(GUEST, 0x28, 0x88);
        assertThat(bench.status(GUEST)).isEqualTo(1 << 7);
        bench.control(GUEST, 0x30, 0x88);
        assertThat(bench.status(GUEST)).isZero();
    }

    @Test
    void aReservedLengthKeepsARingStopped() {
        bench.prepare(GUEST);
        bench.control(GUEST, 0x20, 1 << 8 | 7);
        bench.control(GUEST, 0x28, 1 << 8 | 0x87);
        bench.control(GUEST, 0x30, 1 << 8 | 0x87);
        assertThat(bench.status(GUEST)).isZero();
    }

    @Test
    void theHeadIsWrittenOnlyWhileTheRingStandsStill() {
        bench.prepare(GUEST);
        bench.page(GUEST, 0x00, 0x40);
        bench.page(GUEST, 0x08, 0x40);
        assertThat(bench.page(GUEST, 0x00)).isEqualTo(0x40);
        bench.control(GUEST, 0x20, 1 << 8 | 8);
        bench.page(GUEST, 0x00, 0x80);
        assertThat(bench.page(GUEST, 0x00)).isZero();
    }

    @Test
    void aChangedBaseOrLengthResetsThePointersOfItsRing() {
        add();
        for (int pointer : new int[] {0x10, 0x30, 0x50, 0x70}) {
            bench.page(GUEST, pointer, 0x20);
        }
        bench.control(GUEST, 0x28, bench.control(GUEST, 0x28) & ~(1L << 9));
        bench.control(GUEST, 0x30, bench.control(GUEST, 0x30) & ~(1L << 9));
        assertThat(bench.page(GUEST, 0x10)).isEqualTo(0x20);
        assertThat(bench.page(GUEST, 0x30)).isEqualTo(0x20);
        bench.control(GUEST, 0x28, 1 << 8 | 0x98);
        assertThat(bench.page(GUEST, 0x10)).isEqualTo(0x20);
        assertThat(bench.page(GUEST, 0x70)).isZero();
        bench.control(GUEST, 0x30, 1 << 8 | 0x98);
        assertThat(bench.page(GUEST, 0x30)).isEqualTo(0x20);
        assertThat(bench.page(GUEST, 0x50)).isZero();
        bench.control(GUEST, 0x28, 1 << 8 | 0x99);
        bench.control(GUEST, 0x30, 1 << 8 | 0x99);
        assertThat(bench.page(GUEST, 0x10)).isZero();
        assertThat(bench.page(GUEST, 0x30)).isZero();
        bench.page(GUEST, 0x50, 0x20);
        bench.page(GUEST, 0x70, 0x20);
        bench.control(GUEST, 0x18, 0x1000);
        bench.control(GUEST, 0x38, 0x1000);
        assertThat(bench.page(GUEST, 0x50)).isZero();
        assertThat(bench.page(GUEST, 0x70)).isZero();
    }

    @Test
    void mapControlStoresTheEntryAndReadsBackWithoutCommit() {
        bench.prepare(GUEST);
        bench.control(GUEST, 0x00, 0x8040_0000_1040_0001L);
        assertThat(bench.control(GUEST, 0x00)).isEqualTo(0x0040_0000_1040_0001L);
        assertThat(machine.memory.peek(GuestBench.deviceMap(GUEST) + 0x100 * 16))
                .isZero();
        bench.mapPrivate(0x10_0000_0000L + GUEST * 0x10_0000L + 0x1000, GuestBench.deviceMap(GUEST) + 0x1000);
        machine.memory.writeLong(GuestBench.deviceMap(GUEST) + 0x100 * 16 + 8, -1);
        bench.control(GUEST, 0x00, 0x8040_0000_1040_0001L);
        assertThat(machine.memory.peek(GuestBench.deviceMap(GUEST) + 0x100 * 16))
                .isEqualTo(0x4100L << 24 | 1);
        assertThat(machine.memory.peek(GuestBench.deviceMap(GUEST) + 0x100 * 16 + 8))
                .isZero();
        bench.control(GUEST, 0x08, 0x8009_4000_00C0_0001L);
        assertThat(machine.memory.peek(GuestBench.domainMap(GUEST) + 0x25 * 8)).isEqualTo(0x300L << 24 | 1);
    }

    @Test
    void withoutCommitNothingIsStored() {
        bench.prepare(GUEST);
        bench.control(GUEST, 0x08, 0x0009_4000_00C0_0001L);
        assertThat(machine.memory.peek(GuestBench.domainMap(GUEST) + 0x25 * 8)).isZero();
        assertThat(bench.control(GUEST, 0x08)).isEqualTo(0x0009_4000_00C0_0001L);
    }

    @Test
    void aMapThatIsNotMappedIsAHardwareErrorWithSourceZero() {
        bench.prepare(GUEST);
        bench.mapDevice(GUEST, 0x1234, 5);
        assertThat(machine.lastEvent().q0()).isEqualTo(0xCL << 60 | 0x020L << 48 | GUEST);
        assertThat(machine.lastEvent().q1()).isEqualTo(0x10_0000_0000L + GUEST * 0x10_0000L + 0x1_2340);
    }

    @ParameterizedTest
    @CsvSource({"ABORT, 0x220", "POISON, 0x620"})
    void aMapThatCannotBeReadOrWrittenIsAHardwareErrorWithItsType(MemoryStatus failure, String flags) {
        bench.prepare(GUEST);
        long entry = GuestBench.deviceMap(GUEST) + 5 * 16;
        machine.memory.injectFailure(entry, 8, failure);
        bench.mapDevice(GUEST, 5, 6);
        assertThat(machine.lastEvent().q0()).isEqualTo(0xCL << 60 | Long.decode(flags) << 48 | GUEST);
        assertThat(machine.told).contains("failure VIRTUAL " + Long.toHexString(entry) + " " + failure);
        machine.memory.heal(0, Long.MAX_VALUE);
        machine.memory.injectFailure(entry + 8, 8, failure);
        machine.events.clear();
        bench.mapDevice(GUEST, 5, 6);
        assertThat(machine.events).hasSize(1);
        assertThat(machine.lastEvent().q0()).isEqualTo(0xCL << 60 | Long.decode(flags) << 48 | GUEST);
    }

    @Test
    void registersWithoutTheirBackingAnswerNothing() {
        machine.told.clear();
        bench.control(GUEST, 0x10, 0x1_0000);
        assertThat(machine.lastEvent().q0()).isEqualTo(0xCL << 60 | 0x020L << 48 | GUEST);
        assertThat(machine.lastEvent().q1()).isEqualTo(GUEST * 64L);
        assertThat(bench.control(GUEST, 0x10)).isZero();
        assertThat(machine.lastEvent().q0()).isEqualTo(0xCL << 60 | GUEST);
        assertThat(bench.page(GUEST, 0x20)).isZero();
        assertThat(machine.events).hasSize(3);
    }

    @Test
    void everyStepThroughThePrivateSpaceIsTold() {
        GuestBench plain = new GuestBench(
                GuestBench.options()
                        .walkCaches(org.iorewind.model.iommu.cache.WalkCacheGeometry.OFF)
                        .build(),
                false);
        plain.prepare(GUEST);
        plain.page(GUEST, 0x10);
        assertThat(plain.told("private " + GUEST)).hasSize(4);
        plain.mapDomain(GUEST, 1, 2);
        assertThat(plain.told("private " + GUEST)).hasSize(8);
    }

    @Test
    void translationsOfThePrivateSpaceAreCachedUntilTheirDomainIsInvalidated() {
        add();
        bench.page(GUEST, 0x10, 0x10);
        assertThat(bench.told("private")).isEmpty();
        bench.mapPrivate(GUEST * 64L, 0);
        assertThat(bench.page(GUEST, 0x10)).isEqualTo(0x10);
        machine.invalidateDomain(GuestBench.PRIVATE_DOMAIN);
        assertThat(bench.page(GUEST, 0x10)).isZero();
        assertThat(machine.lastEvent().code()).isEqualTo(0xC);
    }

    /** The own entry and the tables below it can be wrong in every way that a device's can. */
    @Test
    void anOwnEntryThatIsWrongIsReportedAsADevices() {
        add();
        long root = machine.memory.peek(Machine.DEVICE_TABLE + 64) & 0x000F_FFFF_FFFF_F000L;
        expectOwn(root | 4 << 9 | Machine.READ_WRITE | 2, 0xC);
        expectOwn(root | 4 << 9 | Machine.READ_WRITE | 1, 0xC);
        expectOwn(root | 4 << 9 | Machine.READ_ONLY | 3, 0xC);
        expectOwn(root | 4 << 9 | Machine.READ_WRITE | 7, 1);
        assertThat(machine.lastEvent().flags()).isEqualTo(0x0A0);
        expectOwn(root | 7 << 9 | Machine.READ_WRITE | 3, 1);
        assertThat(machine.lastEvent().flags()).isEqualTo(0x020);
        assertThat(machine.lastEvent().device()).isEqualTo(GuestBench.OWN);
        expectOwn(Machine.READ_WRITE | 3, 0);
        machine.memory.injectFailure(Machine.DEVICE_TABLE + 64, 8, MemoryStatus.ABORT);
        expectOwn(root | 4 << 9 | Machine.READ_WRITE | 3, 3);
        machine.memory.heal(0, Long.MAX_VALUE);
        machine.memory.injectFailure(root, 8, MemoryStatus.ABORT);
        expectOwn(root | 4 << 9 | Machine.READ_WRITE | 3, 4);
        assertThat(machine.lastEvent().flags()).isEqualTo(0x220);
        assertThat(machine.lastEvent().domain()).isEqualTo(GuestBench.PRIVATE_DOMAIN);
        assertThat(machine.lastEvent().q1()).isEqualTo(root);
    }

    /** Writes a register through an own entry; the code of the event, 0 for none. */
    private void expectOwn(long q0, int code) {
        machine.deviceEntry(GuestBench.OWN, q0, GuestBench.PRIVATE_DOMAIN, 0, 0);
        machine.command(2L << 60 | GuestBench.OWN, 0);
        machine.invalidateDomain(GuestBench.PRIVATE_DOMAIN);
        machine.events.clear();
        bench.page(GUEST, 0x10, 0x10);
        if (code == 0) {
            assertThat(machine.events).isEmpty();
        } else {
            assertThat(machine.lastEvent().code()).isEqualTo(code);
        }
    }

    @Test
    void anOwnDeviceIdBeyondTheTableIsNotMapped() {
        Machine short1 = new Machine(GuestBench.options()
                .virtual(VirtualOptions.DEFAULT.withDevice(0x4000))
                .build());
        short1.start(GuestBench.CONTROL);
        short1.iommu.write(RegisterSpace.VF, 0x1008, 8, 0x10);
        assertThat(short1.lastEvent().code()).isEqualTo(0xC);
    }

    @Test
    void whatIsNotRecordedLeavesNoEvent() {
        Machine dark = new Machine(GuestBench.options().build(), SparseMemory.recordedOnly());
        dark.start(GuestBench.CONTROL);
        dark.iommu.write(RegisterSpace.VF, 0x1008, 8, 0x10);
        assertThat(dark.events).isEmpty();
        dark.deviceEntry(GuestBench.OWN, 0x9000 | 4 << 9 | Machine.READ_WRITE | 3, 1, 0, 0);
        dark.iommu.write(RegisterSpace.VF, 0x1008, 8, 0x10);
        assertThat(dark.events).isEmpty();
        assertThat(dark.told).contains("failure PAGE_TABLE 9000 NOT_RECORDED");
    }

    /** Accessed and dirty bits are set in private tables like in others. */
    @Test
    void hadOfTheOwnEntryMarksThePrivateTables() {
        GuestBench marking = new GuestBench(
                GuestBench.options()
                        .extendedFeatures(GuestBench.FEATURES | 1L << 49 | 1L << 52)
                        .build(),
                false);
        marking.prepare(GUEST);
        long q0 = marking.machine.memory.peek(Machine.DEVICE_TABLE + 64);
        marking.machine.memory.writeLong(Machine.DEVICE_TABLE + 64, q0 | 3L << 7);
        marking.machine.command(2L << 60 | GuestBench.OWN, 0);
        marking.machine.invalidateDomain(GuestBench.PRIVATE_DOMAIN);
        marking.machine.told.clear();
        marking.page(GUEST, 0x10);
        assertThat(marking.told("marked")).hasSize(4);
        marking.page(GUEST, 0x10, 0x10);
        assertThat(marking.told("marked")).hasSize(1);
        marking.page(GUEST, 0x10, 0x20);
        assertThat(marking.told("private")).isEmpty();
    }

    @Test
    void anIdleGuestIsNoPartOfTheState() {
        long before = machine.hash();
        bench.mapPrivate(GUEST * 64L, 0x1F00_0000L);
        bench.page(GUEST, 0x08, 0);
        bench.control(GUEST, 0x20, 0);
        bench.control(GUEST, 0x10, 0x1_0000);
        bench.control(GUEST, 0x10, 0);
        machine.invalidateDomain(GuestBench.PRIVATE_DOMAIN);
        machine.command(2L << 60 | GuestBench.OWN, 0);
        machine.write(0x0008, Machine.RING | 8L << 56);
        assertThat(machine.hash()).isEqualTo(before);
    }
}
