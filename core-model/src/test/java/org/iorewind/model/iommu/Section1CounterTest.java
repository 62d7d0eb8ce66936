package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Reference 1.12: performance counters, their registers, what they match, and how they wrap. */
class Section1CounterTest extends CountingMachine {
    @Test
    void theConfigurationSaysHowManyThereAre() {
        machine = machine(63, 15);
        assertThat(machine.iommu.mmioRead(0x4000, 8)).isEqualTo(63 << 12 | 15 << 7);
        machine.write(0x4000, 0);
        assertThat(machine.iommu.mmioRead(0x4000, 4)).isEqualTo(63 << 12 | 15 << 7);
        machine.write(at(62, 14, 0), 5);
        assertThat(machine.iommu.register(at(62, 14, 0))).isEqualTo(5);
        assertThat(machine(2, 4).iommu.mmioRead(0x4000, 8)).isEqualTo(2 << 12 | 4 << 7);
    }

    @ParameterizedTest
    @CsvSource({
        "0x00, 0x0000FFFFFFFFFFFF",
        "0x08, 0x00000000800000FF",
        "0x10, 0x000FFFFF800FFFFF",
        "0x18, 0x0000FFFF8000FFFF",
        "0x20, 0x0000FFFF8000FFFF",
        "0x28, 0x800FFFFFFFFFFFFF",
    })
    void eachRegisterKeepsItsBits(String function, String mask) {
        int register = at(1, 3, Integer.decode(function));
        machine.write(register, -1);
        assertThat(machine.iommu.mmioRead(register, 8)).isEqualTo(Long.parseUnsignedLong(mask.substring(2), 16));
        machine.iommu.mmioWrite(register, 4, 0);
        assertThat(machine.iommu.mmioRead(register, 4)).isZero();
        assertThat(machine.iommu.mmioRead(register + 4, 4))
                .isEqualTo(Long.parseUnsignedLong(mask.substring(2), 16) >>> 32);
    }

    @Test
    void whatIsNotThereReadsZeroAndIsNamedOnlyBeyondTheWindow() {
        for (int register : new int[] {0x4020, 0x3_FFF8, at(0, 0, 0x30), at(0, 4, 0), at(2, 0, 0), 0x7_FFF8}) {
            machine.write(register, -1);
            assertThat(machine.iommu.mmioRead(register, 8)).as("%x", register).isZero();
        }
        assertThat(machine.told).isEmpty();
        assertThat(machine.iommu.mmioRead(0x8_0000, 8)).isZero();
        assertThat(machine.told).containsExactly("not modelled MMIO_SPACE");
        machine.write(at(0, 0, 0), 7);
        machine.iommu.mmioWrite(at(0, 0, 0) + 2, 4, 0);
        machine.iommu.mmioWrite(at(0, 0, 0), 1, 0);
        assertThat(machine.iommu.mmioRead(at(0, 0, 0), 2)).isZero();
        assertThat(counted()).isEqualTo(7);
    }

    @Test
    void countersAreStateThatAResetClears() {
        Machine fresh = machine(2, 4);
        assertThat(machine.hash()).isEqualTo(fresh.hash());
        machine.write(at(1, 0, DEVICE_MATCH), 5);
        assertThat(machine.hash()).isNotEqualTo(fresh.hash());
        machine.write(at(1, 0, DEVICE_MATCH), 0);
        machine.write(0x4018, 3);
        assertThat(machine.hash()).isNotEqualTo(fresh.hash());
        counts(PerformanceEvent.COMMAND);
        machine.iommu.reset();
        for (int register : new int[] {0x4008, 0x4010, 0x4018, at(0, 0, SOURCE)}) {
            assertThat(machine.iommu.register(register)).isZero();
        }
    }

    @Test
    void aForcedRegisterIsSet() {
        machine.iommu.forceRegister(at(0, 1, 0), 0x1234);
        assertThat(machine.iommu.register(at(0, 1, 0))).isEqualTo(0x1234);
    }

    @Test
    void aForcedMatchRegisterIsSetThoughItsBankIsLocked() {
        machine.iommu.forceRegister(0x4018, 1);
        machine.iommu.forceRegister(at(0, 1, DEVICE_MATCH), MATCH_EN | 0xFFFFL << 32 | DEVICE);
        machine.write(at(0, 1, DEVICE_MATCH), 0);
        assertThat(machine.iommu.register(at(0, 1, DEVICE_MATCH))).isEqualTo(MATCH_EN | 0xFFFFL << 32 | DEVICE);
        machine.iommu.forceRegister(at(0, 1, SOURCE), PerformanceEvent.TRANSLATED.code());
        map();
        machine.read(0x1000);
        assertThat(machine.iommu.register(at(0, 1, 0))).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void everyEventHasTheCodeOfItsPlaceInTheList(PerformanceEvent event) {
        assertThat(event.code()).isEqualTo(event.ordinal() + 1);
    }

    @ParameterizedTest
    @CsvSource({
        "0x20, 0xFFFF00000030, 0",
        "0x20, 0xFFFF80000030, 1",
        "0x20, 0xFFFF80000031, 0",
        "0x20, 0xFF0080001234, 0",
        "0x20, 0xFF0080000012, 1",
        "0x20, 0x000080001234, 1",
        "0x18, 0xFFFF80000005, 1",
        "0x18, 0xFFFF80000006, 0",
        "0x10, 0x000080000000, 0",
    })
    void aMatchRegisterLetsItsOwnThrough(String function, String value, long expected) {
        map();
        counts(PerformanceEvent.TRANSLATED);
        boolean isOff = (Long.decode(value) & MATCH_EN) == 0;
        machine.write(at(0, 0, Integer.decode(function)), Long.decode(value));
        machine.read(0x1000);
        assertThat(counted()).isEqualTo(isOff ? 1 : expected);
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "2, 0"})
    void aPasidCanBeMatched(int pasid, long expected) {
        GuestTables guest = GuestTables.flat(GUESTS | PC_SUP);
        machine = guest.machine;
        counts(PerformanceEvent.TRANSLATED);
        machine.write(at(0, 0, PASID), 0xF_FFFFL << 32 | MATCH_EN | pasid);
        guest.with(1, GuestTables.MAPPED, AccessKind.READ);
        assertThat(counted()).isEqualTo(expected);
    }

    @Test
    void aLockKeepsTheMatchRegistersOfItsBank() {
        int[] locks = {0x4008, 0x4010, 0x4018};
        int[] functions = {PASID, DOMAIN_MATCH, DEVICE_MATCH};
        for (int i = 0; i < locks.length; i++) {
            machine.write(locks[i], -1);
            assertThat(machine.iommu.register(locks[i]))
                    .as("a bit for each bank")
                    .isEqualTo(3);
            machine.write(locks[i], 2);
            machine.write(at(0, 0, functions[i]), 5);
            machine.write(at(1, 0, functions[i]), 5);
            assertThat(machine.iommu.register(at(0, 0, functions[i]))).isEqualTo(5);
            assertThat(machine.iommu.register(at(1, 0, functions[i]))).isZero();
            machine.write(locks[i], 0);
            machine.write(at(1, 0, functions[i]), 5);
            assertThat(machine.iommu.register(at(1, 0, functions[i]))).isEqualTo(5);
            machine.write(locks[i], 2);
        }
        machine.write(at(1, 0, SOURCE), 5);
        assertThat(machine.iommu.register(at(1, 0, SOURCE))).isEqualTo(5);
    }

    @Test
    void aCounterOfAllOnesWrapsSilentlyUnlessItReports() {
        counts(PerformanceEvent.COMMAND);
        machine.write(at(0, 0, 0), ALL_ONES);
        machine.write(at(0, 0, REPORT), 0xF_1234_5678_9ABCL);
        machine.command(1L << 60, 0);
        assertThat(counted()).isZero();
        assertThat(machine.events).isEmpty();
    }

    @Test
    void aReportingCounterLogsItsNoteWhenItWraps() {
        counts(PerformanceEvent.COMMAND);
        machine.write(at(0, 0, 0), ALL_ONES - 1);
        machine.write(at(0, 0, REPORT), 1L << 63 | 0xF_1234_5678_9ABCL);
        machine.command(1L << 60, 0);
        assertThat(machine.events).isEmpty();
        machine.command(1L << 60, 0);
        assertThat(counted()).isZero();
        assertThat(machine.events).hasSize(1);
        assertThat(machine.lastEvent().q0()).isEqualTo(0xAL << 60);
        assertThat(machine.lastEvent().q1()).isEqualTo(0x5678_9ABCL << 32 | 0xF_1234);
        assertThat(machine.status() & 2).isEqualTo(2);
        machine.command(1L << 60, 0);
        assertThat(counted()).isEqualTo(1);
        assertThat(machine.events).hasSize(1);
    }

    @Test
    void aStepOfSeveralCarriesOverTheWrap() {
        counts(PerformanceEvent.TABLE_READ);
        machine.write(at(0, 0, 0), ALL_ONES);
        map();
        machine.read(0x1000);
        assertThat(counted()).isEqualTo(2);
    }

    @Test
    void aSourceWithoutAnEventCountsNothing() {
        for (int source : new int[] {0, 0x19, 0x3F, 0x40, 0x85, 0xFF}) {
            machine.write(at(0, 0, SOURCE), source);
            machine.read(0x1000);
            machine.command(1L << 60, 0);
            assertThat(counted()).as("%x", source).isZero();
        }
        machine.write(at(0, 0, SOURCE), MATCH_EN | PerformanceEvent.COMMAND.code());
        machine.command(1L << 60, 0);
        assertThat(counted()).isEqualTo(1);
    }

    @Test
    void qemuHasNoCounters() {
        Machine qemu = Machine.started(IommuOptions.of(Profile.QEMU_11_1).toBuilder()
                .extendedFeatures(2L << 10 | PC_SUP)
                .build());
        qemu.write(at(0, 0, SOURCE), PerformanceEvent.COMMAND.code());
        qemu.command(1L << 60, 0);
        assertThat(qemu.iommu.register(at(0, 0, 0))).isZero();
    }
}
