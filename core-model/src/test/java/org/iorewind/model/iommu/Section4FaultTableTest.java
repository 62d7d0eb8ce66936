package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.EffectSink.NO_PASID;
import static org.iorewind.model.iommu.GuestTables.GV;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.ENABLED;
import static org.iorewind.model.iommu.Machine.INTERRUPT_TABLE;
import static org.iorewind.model.iommu.Machine.PAGE_A;
import static org.iorewind.model.iommu.Machine.READ_ONLY;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;
import static org.iorewind.model.iommu.Machine.TABLE_1;
import static org.iorewind.model.iommu.Machine.TABLE_2;

import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Reference 4.4, row by row: what each cause of an IO_PAGE_FAULT shows, and whether the requester is aborted. */
class Section4FaultTableTest {
    private static final int PR = 0x010;
    private static final int RW = 0x020;
    private static final int PE = 0x040;
    private static final int RZ = 0x080;
    private static final int INTERRUPT = 0x008;
    private static final int US = 0x004;
    private static final int GN = 0x001;
    private static final long IOVA = 0x1000;
    private static final long MSI = 0xFEE0_1000L;
    private static final long VALID = ROOT | 3 << 9 | READ_WRITE | 3;
    private static final long REMAP = INTERRUPT_TABLE | 1 | 4 << 1 | 2L << 60;
    private static final long GA = ENABLED | 1L << 17;

    private static Arguments row(String cause, int flags, Consumer<Machine> prepare) {
        return Arguments.of(cause, flags, prepare);
    }

    private static Consumer<Machine> entry(long q0) {
        return machine -> machine.deviceEntry(DEVICE, q0, DOMAIN, 0, 0);
    }

    private static Consumer<Machine> at(long address, long tableEntry) {
        return machine -> machine.memory.writeLong(address, tableEntry);
    }

    private static Machine machine() {
        return Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(2L << 10 | 1L << 7)
                .deviceEntryCache(0)
                .build());
    }

    private static boolean isAbortSignalled(Machine machine) {
        return (machine.iommu.configRead(6, 2) & 0x800) != 0;
    }

    static Stream<Arguments> memoryRows() {
        return Stream.of(
                row("not present at level 3", 0, at(ROOT, 0)),
                row("not present at level 2", 0, at(TABLE_2, 0)),
                row("not present at level 1", 0, at(TABLE_1 + 8, PAGE_A | READ_WRITE)),
                row("TV=0", 0, entry(VALID & ~2)),
                row("IW=0 in the device table entry", PR | PE, entry(VALID & ~Machine.WRITE_ONLY)),
                row("IW=0 in the page", PR | PE, at(TABLE_1 + 8, PAGE_A | READ_ONLY | 1)),
                row("IW=0 in a directory", PR | PE, at(TABLE_2, TABLE_1 | 1 << 9 | READ_ONLY | 1)),
                row("page size of the wrong level", PR, at(TABLE_2, 0x4000_0000L - 0x1000 | 7 << 9 | READ_WRITE | 1)),
                row("next level is the level", PR, at(TABLE_2, TABLE_1 | 2 << 9 | READ_WRITE | 1)),
                row("next level is above the level", PR, at(TABLE_2, TABLE_1 | 5 << 9 | READ_WRITE | 1)),
                row(
                        "reserved bits of a directory",
                        PR | RZ,
                        at(TABLE_2, TABLE_1 | 1 << 9 | READ_WRITE | 1L << 52 | 1)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("memoryRows")
    void memoryRequestsThatFaultAreAborted(String cause, int flags, Consumer<Machine> prepare) {
        Machine machine = machine();
        prepare.accept(machine);
        Machine.Translation answer = machine.written(IOVA);
        assertThat(answer.decision().isAborted()).isTrue();
        assertThat(machine.events).hasSize(1);
        assertThat(machine.lastEvent().q0())
                .isEqualTo(2L << 60 | (long) (flags | RW) << 48 | (long) DOMAIN << 32 | DEVICE);
        assertThat(machine.lastEvent().q1()).isEqualTo(IOVA);
        assertThat(isAbortSignalled(machine)).isTrue();
    }

    static Stream<Arguments> addressRows() {
        return Stream.of(
                Arguments.of("wider than three levels", 0, 1L << 39, VALID),
                Arguments.of("bits of a skipped level", PR, 0x20_1000L, VALID));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("addressRows")
    void theAddressItselfCanBeTheCause(String cause, int flags, long address, long q0) {
        Machine machine = machine();
        machine.deviceEntry(DEVICE, q0, DOMAIN, 0, 0);
        machine.memory.writeLong(ROOT, TABLE_1 | 1 << 9 | READ_WRITE | 1);
        assertThat(machine.read(address).decision().isAborted()).isTrue();
        assertThat(machine.lastEvent().flags()).isEqualTo(flags);
        assertThat(machine.lastEvent().q1()).isEqualTo(address);
        assertThat(isAbortSignalled(machine)).isTrue();
    }

    /** The table's row says IO_PAGE_FAULT with PR=1; the model follows the recommendation of 13.1 (MC-8). */
    @ParameterizedTest
    @MethodSource("reservedModes")
    void aReservedModeIsAnIllegalEntry(int mode) {
        Machine machine = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(0)
                .deviceEntryCache(0)
                .build());
        machine.deviceEntry(DEVICE, ROOT | (long) mode << 9 | READ_WRITE | 3, DOMAIN, 0, 0);
        assertThat(machine.read(IOVA).decision()).isEqualTo(TranslationDecision.BAD_DEVICE_ENTRY);
        assertThat(machine.lastEvent().code()).isEqualTo(1);
        assertThat(isAbortSignalled(machine)).isTrue();
    }

    static Stream<Integer> reservedModes() {
        return Stream.of(5, 6, 7);
    }

    @ParameterizedTest
    @MethodSource("outOfRange")
    void aDeviceIdBeyondTheTableAbortsMemoryButNotInterrupts(int requester) {
        Machine machine = machine();
        machine.iommu.interrupt(requester, MSI, 1);
        assertThat(machine.lastEvent().q0()).isEqualTo(2L << 60 | (long) INTERRUPT << 48 | requester);
        assertThat(machine.interrupts.get(0).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(isAbortSignalled(machine)).isFalse();
        machine.dma(requester, IOVA, AccessKind.READ);
        assertThat(machine.lastEvent().q0()).isEqualTo(2L << 60 | requester);
        assertThat(isAbortSignalled(machine)).isTrue();
    }

    static Stream<Integer> outOfRange() {
        return Stream.of(0x100, 0xFFFF);
    }

    static Stream<Arguments> guestRows() {
        return Stream.of(
                Arguments.of("PASID above the table", GN | US, 0x200, AccessKind.READ),
                Arguments.of("GCR3 entry with V=0", GN | US, 3, AccessKind.READ),
                Arguments.of("supervisor page", GN | US | PR | PE, 1, AccessKind.READ));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("guestRows")
    void guestRequestsThatFaultAreAborted(String cause, int flags, int pasid, AccessKind access) {
        GuestTables guest = GuestTables.flat(GuestTables.FEATURES);
        guest.entry(GV, GuestTables.GCR3, 0);
        guest.write(GuestTables.LEVEL_1, 1, GuestTables.PAGE | GuestTables.USER_WRITABLE & ~4);
        assertThat(guest.with(pasid, GuestTables.MAPPED, access).decision().isAborted())
                .isTrue();
        assertThat(guest.machine.lastEvent().code()).isEqualTo(2);
        assertThat(guest.machine.lastEvent().flags()).isEqualTo(flags);
        assertThat(guest.machine.lastEvent().pasid()).isEqualTo(pasid);
        assertThat(isAbortSignalled(guest.machine)).isTrue();
    }

    static Stream<Arguments> interruptRows() {
        return Stream.of(
                row("index beyond IntTabLen", 0, machine -> {
                    machine.deviceEntry(DEVICE, 0, DOMAIN, INTERRUPT_TABLE | 1 | 2L << 60, 0);
                }),
                row("RemapEn=0", 0, longEntry(0, 0)),
                row("reserved bits", PR | RZ, longEntry(1, 1L << 8)),
                row("GuestMode without GAMEn", PR | RZ, longEntry(1 | 1 << 7, 0)),
                row("reserved IntType", PR | RZ, longEntry(1 | 2 << 2, 0)),
                row("reserved IntType 7", PR | RZ, longEntry(1 | 7 << 2, 0)));
    }

    private static Consumer<Machine> longEntry(long low, long high) {
        return machine -> {
            machine.deviceEntry(DEVICE, 0, DOMAIN, REMAP, 0);
            machine.memory.writeLong(INTERRUPT_TABLE + 16, low);
            machine.memory.writeLong(INTERRUPT_TABLE + 24, high);
        };
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("interruptRows")
    void interruptsThatFaultAreAborted(String cause, int flags, Consumer<Machine> prepare) {
        Machine machine = machine();
        machine.write(0x18, GA);
        prepare.accept(machine);
        assertThat(machine.interrupt(MSI, 1).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(machine.lastEvent().q0())
                .isEqualTo(2L << 60 | (long) (flags | INTERRUPT) << 48 | (long) DOMAIN << 32 | DEVICE);
        assertThat(machine.lastEvent().q1()).isEqualTo(MSI);
        assertThat(isAbortSignalled(machine)).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("interruptRows")
    void igKeepsInterruptFaultsOutOfTheLogButNotFromAborting(String cause, int flags, Consumer<Machine> prepare) {
        Machine machine = machine();
        machine.write(0x18, GA);
        prepare.accept(machine);
        long q2 = machine.memory.peek(Machine.DEVICE_TABLE + 32L * DEVICE + 16);
        machine.deviceEntry(DEVICE, 0, DOMAIN, q2 | 1 << 5, 0);
        assertThat(machine.interrupt(MSI, 1).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(machine.lastEvent().written()).isFalse();
        assertThat(isAbortSignalled(machine)).isTrue();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("memoryRows")
    void suppressionKeepsMemoryFaultsOutOfTheLogButNotFromAborting(String cause, int flags, Consumer<Machine> prepare) {
        Machine machine = machine();
        prepare.accept(machine);
        long at = Machine.DEVICE_TABLE + 32L * DEVICE;
        machine.memory.writeLong(at + 8, machine.memory.peek(at + 8) | 1L << 34);
        machine.iommu.dma(DEVICE, NO_PASID, IOVA, 4, AccessKind.WRITE);
        assertThat(machine.lastEvent().written()).isFalse();
        assertThat(isAbortSignalled(machine)).isTrue();
    }
}
