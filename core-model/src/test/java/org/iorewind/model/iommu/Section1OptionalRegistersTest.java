package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DEVICE_TABLE;
import static org.iorewind.model.iommu.Machine.TABLE_1;

import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 1.3 and 1.9: registers that a feature bit brings. */
class Section1OptionalRegistersTest {
    private static final long SIX_LEVELS = 2L << 10;

    private static Machine with(long features) {
        return Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(SIX_LEVELS | features)
                .deviceEntryCache(0)
                .build());
    }

    @ParameterizedTest
    @CsvSource({
        "0x40, 8, 0xFFFFFFFFFFFFFFFF",
        "0x48, 8, 0xFFFFFFFFFFFFFFFF",
        "0x60, 16, 0x000000000003FFFF",
        "0x168, 45, 0x0000200000000000",
        "0x170, 2, 0xFF0001FFFFFFFF04",
        "0x178, 2, 0xFF0001FFFFFFFF04",
        "0x180, 2, 0xFF0001FFFFFFFF04",
    })
    void aRegisterIsStorageWhenItsFeatureIsThereAndElseReadsZero(String at, int bit, String mask) {
        int register = Integer.decode(at);
        Machine without = with(0);
        without.write(register, -1);
        assertThat(without.iommu.register(register)).isZero();
        Machine present = with(1L << bit);
        present.write(register, -1);
        assertThat(present.iommu.register(register)).isEqualTo(Long.parseUnsignedLong(mask.substring(2), 16));
    }

    @Test
    void deviceSpecificControlAndStatusKeepTheirImplementationBits() {
        Machine machine = with(0);
        for (int register : new int[] {0x138, 0x140, 0x148}) {
            machine.write(register, -1);
        }
        assertThat(machine.iommu.register(0x138)).isZero();
        assertThat(machine.iommu.register(0x140)).isEqualTo(0xFF_FFFF);
        assertThat(machine.iommu.register(0x148)).isEqualTo(0xFF_FFFF);
    }

    @Test
    void theUpperOfTwoThirtyTwoBitRegistersIsReachedAlone() {
        Machine machine = with(1L << 45 | 1L << 46);
        machine.iommu.mmioWrite(0x16C, 4, 1 << 13);
        machine.iommu.mmioWrite(0x164, 4, 0x41);
        assertThat(machine.iommu.mmioRead(0x16C, 4)).isEqualTo(1 << 13);
        assertThat(machine.iommu.mmioRead(0x168, 4)).isEqualTo(0xA803_0008L);
        assertThat(machine.iommu.register(0x160)).isEqualTo(0x41L << 32);
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 2", "3, 8", "4, 16", "7, 16"})
    void thereAreAsManySmiFiltersAsTheirCountSays(int code, int count) {
        Machine machine = with(1L << 16 | (long) code << 18);
        for (int i = 0; i < 16; i++) {
            machine.write(0x60 + 8 * i, 5);
            assertThat(machine.iommu.register(0x60 + 8 * i)).as("filter %d", i).isEqualTo(i < count ? 5 : 0);
        }
    }

    @Test
    void aLockedSmiFilterStaysUntilReset() {
        Machine machine = with(1L << 16);
        machine.write(0x60, 1 << 17 | 5);
        machine.write(0x60, 6);
        assertThat(machine.iommu.register(0x60)).isEqualTo(1 << 17 | 5);
        machine.iommu.reset();
        machine.write(0x60, 6);
        assertThat(machine.iommu.register(0x60)).isEqualTo(6);
    }

    @Test
    void aHardwareErrorStandsInItsRegistersAndInTheLog() {
        Machine machine = with(1L << 8);
        machine.memory.injectFailure(TABLE_1, 8, MemoryStatus.POISON);
        machine.read(0);
        assertThat(machine.lastEvent().code()).isEqualTo(4);
        assertThat(machine.iommu.register(0x40)).isEqualTo(machine.lastEvent().q0());
        assertThat(machine.iommu.register(0x48)).isEqualTo(TABLE_1);
        assertThat(machine.iommu.register(0x50)).isEqualTo(1);
    }

    @Test
    void aSecondHardwareErrorOverwritesTheFirstAndSetsHeo() {
        Machine machine = with(1L << 8);
        machine.memory.injectFailure(TABLE_1, 8, MemoryStatus.POISON);
        machine.read(0);
        machine.memory.injectFailure(DEVICE_TABLE, 0x1000, MemoryStatus.ABORT);
        machine.read(0);
        assertThat(machine.iommu.register(0x40)).isEqualTo(3L << 60 | 0x200L << 48 | DEVICE);
        assertThat(machine.iommu.register(0x48)).isEqualTo(DEVICE_TABLE + 32 * DEVICE);
        assertThat(machine.iommu.register(0x50)).isEqualTo(3);
        machine.write(0x50, 2);
        assertThat(machine.iommu.register(0x50)).isEqualTo(1);
        machine.write(0x50, 1);
        assertThat(machine.iommu.register(0x50)).isZero();
        machine.read(0);
        assertThat(machine.iommu.register(0x50)).isEqualTo(1);
    }

    @Test
    void aHardwareErrorIsKeptWhileTheLogIsOff() {
        Machine machine = with(1L << 8);
        machine.write(0x18, Machine.ENABLED & ~4);
        machine.memory.injectFailure(Machine.RING + 0x10, 16, MemoryStatus.ABORT);
        machine.command(0, 0);
        assertThat(machine.lastEvent().written()).isFalse();
        assertThat(machine.iommu.register(0x40)).isEqualTo(6L << 60 | 0x200L << 48);
        assertThat(machine.iommu.register(0x48)).isEqualTo(Machine.RING + 0x10);
    }

    @Test
    void otherEventsAndIommusWithoutTheRegistersLeaveThemAlone() {
        Machine machine = with(1L << 8);
        machine.read(0);
        assertThat(machine.lastEvent().code()).isEqualTo(2);
        assertThat(machine.iommu.register(0x50)).isZero();
        Machine without = with(0);
        without.memory.injectFailure(TABLE_1, 8, MemoryStatus.POISON);
        without.read(0);
        assertThat(without.iommu.register(0x40) | without.iommu.register(0x50)).isZero();
        Machine qemu = Machine.started(Profile.QEMU_11_1);
        qemu.memory.injectFailure(TABLE_1, 8, MemoryStatus.POISON);
        qemu.read(0);
        assertThat(qemu.lastEvent().written()).isTrue();
        assertThat(qemu.iommu.register(0x40) | qemu.iommu.register(0x50)).isZero();
    }
}
