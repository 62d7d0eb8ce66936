package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.INTERRUPT_TABLE;

import org.iorewind.model.iommu.interrupt.RemappedMessage;
import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 8.1 to 8.7. */
class Section8InterruptTest {
    private static final long MSI = 0xFEE0_1000L;
    private static final long REMAP = INTERRUPT_TABLE | 1 | 4 << 1 | 2L << 60;
    private static final long GA = Machine.ENABLED | 1L << 17;

    private final Machine machine = Machine.started(
            IommuOptions.of(Profile.SPEC).toBuilder().deviceEntryCache(0).build());

    private void table(long q2) {
        machine.deviceEntry(DEVICE, 0, 7, q2, 0);
    }

    private void shortEntry(int index, long entry) {
        long at = INTERRUPT_TABLE + index * 4L & -8;
        int shift = (index & 1) * 32;
        machine.memory.writeLong(at, machine.memory.peek(at) & ~(0xFFFF_FFFFL << shift) | entry << shift);
    }

    private void longEntry(int index, long low, long high) {
        machine.memory.writeLong(INTERRUPT_TABLE + index * 16L, low);
        machine.memory.writeLong(INTERRUPT_TABLE + index * 16L + 8, high);
    }

    private void expectFault(int data, int flags) {
        assertThat(machine.interrupt(MSI, data).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(machine.lastEvent().q0()).isEqualTo(2L << 60 | (long) flags << 48 | 7L << 32 | DEVICE);
        assertThat(machine.lastEvent().q1()).isEqualTo(MSI);
    }

    @Test
    void messagesPassWhileNothingRemaps() {
        table(0x7E | 1L << 52);
        assertThat(machine.interrupt(MSI, 3)).isEqualTo(new Machine.Delivered(InterruptDecision.PASSED, MSI, 3, 0, 0));
        table(REMAP);
        machine.write(0x18, 0);
        assertThat(machine.interrupt(MSI, 3).decision()).isEqualTo(InterruptDecision.PASSED);
        Machine without = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .interruptRemapping(false)
                .build());
        assertThat(without.interrupt(MSI, 3).decision()).isEqualTo(InterruptDecision.PASSED);
    }

    @Test
    void aShortEntryReplacesVectorTypeDestinationAndMode() {
        table(REMAP);
        shortEntry(3, 1 | 1 << 2 | 1 << 6 | 0xAB << 8 | 0x41 << 16);
        assertThat(machine.interrupt(0xFEE0_F008L, 0xC003))
                .isEqualTo(new Machine.Delivered(
                        InterruptDecision.REMAPPED, 0xFEEA_B00CL, 0xC141, 4, INTERRUPT_TABLE + 12));
    }

    @Test
    void aLongEntryCarriesAWideDestinationUnderXt() {
        machine.write(0x18, GA);
        table(REMAP);
        longEntry(2, 1 | 0x23_45AB << 8, 0x42 | 0x01L << 56);
        assertThat(machine.interrupt(MSI, 2))
                .isEqualTo(new Machine.Delivered(
                        InterruptDecision.REMAPPED, 0xFEEA_B000L, 0x42, 16, INTERRUPT_TABLE + 32));
        machine.write(0x18, GA | 1L << 50);
        assertThat(machine.interrupt(MSI, 2).address()).isEqualTo(0x0123_4500_FEEA_B000L);
    }

    @Test
    void anObservedEntryPredictsTheMessageWithoutAMachine() {
        IommuOptions spec = IommuOptions.of(Profile.SPEC);
        IommuOptions qemu = IommuOptions.of(Profile.QEMU_11_1);
        long entry = 1 | 1 << 5 | 0xAB << 8 | 0x41 << 16;
        assertThat(RemappedMessage.deliveredAddress(spec, 4, entry, 0, false, MSI))
                .isEqualTo(0xFEEA_B000L);
        assertThat(RemappedMessage.deliveredData(spec, 4, entry, 0, 0x8003)).isEqualTo(0x8041);
        assertThat(RemappedMessage.deliveredAddress(qemu, 4, entry, 0, false, MSI))
                .isEqualTo(0xFEEA_B008L);
        assertThat(RemappedMessage.deliveredData(qemu, 4, entry, 0, 0x8003)).isEqualTo(0x4041);
        assertThat(RemappedMessage.deliveredAddress(qemu, 16, 1 | 0x1_02AB << 8, 0x42, true, MSI))
                .isEqualTo(0x0001_0200_FEEA_B000L);
        assertThat(RemappedMessage.deliveredData(qemu, 16, 1, 0x42, 3)).isEqualTo(0x4042);
    }

    @ParameterizedTest
    @CsvSource({"0, ABORTED", "1, PASSED"})
    void interruptControlAbortsOrForwards(long control, InterruptDecision decision) {
        table(INTERRUPT_TABLE | 1 | control << 60);
        assertThat(machine.interrupt(MSI, 3).decision()).isEqualTo(decision);
        assertThat(machine.events).isEmpty();
    }

    @Test
    void aReservedControlOrLengthIsIllegal() {
        table(INTERRUPT_TABLE | 1 | 3L << 60);
        assertThat(machine.interrupt(MSI, 3).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(machine.lastEvent().q0()).isEqualTo(1L << 60 | 0x088L << 48 | DEVICE);
        table(INTERRUPT_TABLE | 1 | 12 << 1 | 2L << 60);
        machine.interrupt(MSI, 3);
        assertThat(machine.lastEvent().q0()).isEqualTo(1L << 60 | 0x008L << 48 | DEVICE);
        table(REMAP | 1L << 52);
        machine.interrupt(MSI, 3);
        assertThat(machine.lastEvent().flags()).isEqualTo(0x088);
    }

    @Test
    void reservedBitsOfTheMemoryHalfDoNotMatterToInterrupts() {
        machine.deviceEntry(DEVICE, 0x7D, 0, REMAP, 0);
        shortEntry(3, 1);
        assertThat(machine.interrupt(MSI, 3).decision()).isEqualTo(InterruptDecision.REMAPPED);
    }

    @Test
    void anIndexBeyondTheTableFaults() {
        table(REMAP);
        shortEntry(15, 1);
        assertThat(machine.interrupt(MSI, 15).decision()).isEqualTo(InterruptDecision.REMAPPED);
        expectFault(16, 0x008);
    }

    @Test
    void anEntryWithoutRemapEnFaultsUnlessSuppressed() {
        table(REMAP);
        expectFault(3, 0x008);
        assertThat(machine.lastEvent().written()).isTrue();
        shortEntry(3, 2);
        expectFault(3, 0x008);
        assertThat(machine.lastEvent().written()).isFalse();
        table(REMAP | 1 << 5);
        shortEntry(3, 0);
        expectFault(3, 0x008);
        assertThat(machine.lastEvent().written()).isFalse();
    }

    @Test
    void badEntriesFaultWithRz() {
        table(REMAP);
        shortEntry(3, 1 | 2 << 2);
        expectFault(3, 0x098);
        shortEntry(3, 1 | 1 << 24);
        expectFault(3, 0x098);
        shortEntry(3, 1 | 1 << 7);
        expectFault(3, 0x098);
        machine.write(0x18, GA);
        longEntry(3, 1, 1 << 8);
        expectFault(3, 0x098);
        longEntry(3, 1 | 1 << 7, 0);
        expectFault(3, 0x098);
        machine.write(0x18, GA | 1L << 25);
        assertThat(machine.interrupt(MSI, 3).decision()).isEqualTo(InterruptDecision.POSTED);
        machine.write(0x18, GA | 2L << 25);
        expectFault(3, 0x098);
    }

    @ParameterizedTest
    @CsvSource({
        "2, 0, PASSED",
        "3, 0, ABORTED",
        "6, 0, ABORTED",
        "4, 0, ABORTED",
        "4, 58, PASSED",
        "5, 0, ABORTED",
        "5, 56, PASSED",
        "7, 0, ABORTED",
        "7, 57, PASSED"
    })
    void otherDeliveryModesFollowTheirPassBits(int mode, int passBit, InterruptDecision decision) {
        table(1 | (passBit == 0 ? 0 : 1L << passBit));
        assertThat(machine.interrupt(MSI, mode << 8).decision()).isEqualTo(decision);
        assertThat(machine.interrupt(MSI | 4, mode << 8).decision()).isEqualTo(InterruptDecision.ABORTED);
    }

    @Test
    void anSmiPassesTheFilterOnlyIfARegisterNamesItsDevice() {
        Machine filtering = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(2L << 10 | 1L << 16 | 1L << 18)
                .build());
        filtering.deviceEntry(DEVICE, 0, 0, 1, 0);
        filtering.command(2L << 60 | DEVICE, 0);
        int smi = 2 << 8;
        assertThat(filtering.interrupt(MSI, smi).decision()).isEqualTo(InterruptDecision.PASSED);
        filtering.write(0x18, Machine.ENABLED | 1 << 22);
        assertThat(filtering.interrupt(MSI, smi).decision()).isEqualTo(InterruptDecision.ABORTED);
        filtering.write(0x60, DEVICE);
        assertThat(filtering.interrupt(MSI, smi).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(filtering.events).isEmpty();
        filtering.write(0x68, 1 << 16 | DEVICE);
        assertThat(filtering.interrupt(MSI, smi).decision()).isEqualTo(InterruptDecision.PASSED);
        filtering.write(0x68, 1 << 16 | DEVICE + 1);
        filtering.write(0x18, Machine.ENABLED | 1 << 22 | 1 << 24);
        assertThat(filtering.interrupt(MSI, smi).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(filtering.lastEvent().q0()).isEqualTo(2L << 60 | 0x008L << 48 | DEVICE);
    }

    @Test
    void aFilterThatTheHardwareLacksDoesNotCount() {
        machine.write(0x18, Machine.ENABLED | 1 << 22);
        table(1);
        assertThat(machine.interrupt(MSI, 2 << 8).decision()).isEqualTo(InterruptDecision.PASSED);
    }

    @Test
    void withTwoThousandEntriesTheModeBitsAreIndexBits() {
        Machine wide = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures2(1 << 8)
                .build());
        wide.write(0x18, Machine.ENABLED | 1L << 43);
        wide.deviceEntry(DEVICE, 0, 0, INTERRUPT_TABLE | 1 | 11 << 1 | 2L << 60, 0);
        wide.command(2L << 60 | DEVICE, 0);
        wide.memory.writeLong(INTERRUPT_TABLE + 0x7FE * 4, (1L | 0x55 << 16) << 32);
        assertThat(wide.interrupt(MSI | 4, 0x7FF).data()).isEqualTo(0x55);
        assertThat(wide.interrupt(MSI, 0x7FF).decision()).isEqualTo(InterruptDecision.ABORTED);
    }

    @Test
    void failuresAreHardwareErrors() {
        table(REMAP);
        machine.memory.injectFailure(INTERRUPT_TABLE, 8, MemoryStatus.ABORT);
        assertThat(machine.interrupt(MSI, 1).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(machine.lastEvent().q0()).isEqualTo(4L << 60 | 0x208L << 48 | 7L << 32 | DEVICE);
        assertThat(machine.lastEvent().q1()).isEqualTo(INTERRUPT_TABLE);
        machine.memory.injectFailure(Machine.DEVICE_TABLE, 0x1000, MemoryStatus.ABORT);
        assertThat(machine.interrupt(MSI, 1).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(machine.lastEvent().q0()).isEqualTo(3L << 60 | 0x208L << 48 | DEVICE);
        machine.write(0, Machine.DEVICE_TABLE);
        machine.iommu.interrupt(500, MSI, 1);
        assertThat(machine.lastEvent().q0()).isEqualTo(2L << 60 | 0x008L << 48 | 500);
    }

    @Test
    void aStaleEntryStaysUntilItsTableIsInvalidated() {
        table(REMAP);
        shortEntry(3, 1 | 0x41 << 16);
        machine.interrupt(MSI, 3);
        shortEntry(3, 1 | 0x42 << 16);
        assertThat(machine.interrupt(MSI, 3).data()).isEqualTo(0x41);
        machine.command(5L << 60 | 0x38, 0);
        assertThat(machine.interrupt(MSI, 3).data()).isEqualTo(0x41);
        machine.write(0x18, Machine.ENABLED | 1L << 59);
        assertThat(machine.interrupt(MSI, 3).data()).isEqualTo(0x42);
        machine.write(0x18, Machine.ENABLED);
        machine.command(5L << 60 | DEVICE, 0);
        assertThat(machine.interrupt(MSI, 3).data()).isEqualTo(0x42);
        shortEntry(3, 1 | 0x43 << 16);
        machine.command(8L << 60, 0);
        assertThat(machine.interrupt(MSI, 3).data()).isEqualTo(0x43);
    }
}
