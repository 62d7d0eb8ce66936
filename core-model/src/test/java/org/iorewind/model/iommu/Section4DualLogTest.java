package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.ENABLED;
import static org.iorewind.model.iommu.Machine.LOG;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reference 4.5, 1.3, 1.5, 1.10, 1.11: a second event log. */
class Section4DualLogTest {
    private static final long LOG_B = 0x61_0000;
    private static final long LENGTH = 8L << 56;
    private static final long OVERFLOW = 1;
    private static final long RUN = 1L << 3;
    private static final long OVERFLOW_B = 1L << 15;
    private static final long ACTIVE_B = 1L << 16;
    private static final long STATE = OVERFLOW | RUN | OVERFLOW_B | ACTIVE_B;
    private static final long ONLY_B = 1L << 32;
    private static final long SWAP = 2L << 32;
    private static final int PLACES = 255;

    private Machine machine = machine(1L << 28, SWAP);

    private static Machine machine(long features, long code) {
        Machine machine = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(2L << 10 | features)
                .build());
        machine.write(0xF8, LOG_B | LENGTH);
        machine.write(0x18, 0);
        machine.write(0x18, ENABLED | code);
        return machine;
    }

    private void fault(int times) {
        for (int i = 0; i < times; i++) {
            machine.read(0x1000);
        }
    }

    private long state() {
        return machine.status() & STATE;
    }

    private long messages() {
        return machine.ownMessages.size();
    }

    @Test
    void theRegistersOfLogBAreThoseOfLogA() {
        assertThat(new Machine(machine.iommu.options()).iommu.register(0xF8)).isEqualTo(LENGTH);
        for (int register : new int[] {0x2070, 0x2078, 0xF8}) {
            machine.write(register, -1);
        }
        assertThat(machine.iommu.register(0xF8)).isEqualTo(0x0F0F_FFFF_FFFF_F000L);
        assertThat(machine.iommu.register(0x2070) | machine.iommu.register(0x2078))
                .isZero();
        machine.write(0x2070, -1);
        machine.write(0x2078, -1);
        assertThat(machine.iommu.register(0x2070)).isEqualTo(0x7_FFF0);
        assertThat(machine.iommu.register(0x2078)).isEqualTo(0x7_FFF0);
    }

    @Test
    void withoutSupportThereIsNoLogB() {
        machine = machine(0, ONLY_B);
        for (int register : new int[] {0x2070, 0x2078, 0xF8}) {
            machine.write(register, -1);
            assertThat(machine.iommu.register(register)).isZero();
        }
        fault(1);
        assertThat(machine.memory.peek(LOG + 8)).isEqualTo(0x1000);
        assertThat(state()).isEqualTo(RUN);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void anyCodeOfSupportOffersLogB(long code) {
        machine = machine(code << 28, ONLY_B);
        fault(1);
        assertThat(machine.memory.peek(LOG_B + 8)).isEqualTo(0x1000);
        assertThat(machine.memory.peek(LOG + 8)).isZero();
        assertThat(machine.iommu.register(0x2078)).isEqualTo(0x10);
        assertThat(machine.iommu.register(0x2018)).isZero();
        assertThat(state()).isEqualTo(RUN | ACTIVE_B);
        assertThat(messages()).isEqualTo(1);
    }

    @Test
    void logBAloneOverflowsWithItsOwnBitAndStops() {
        machine = machine(1L << 28, ONLY_B);
        fault(PLACES);
        assertThat(state()).isEqualTo(RUN | ACTIVE_B);
        fault(1);
        assertThat(state()).isEqualTo(OVERFLOW_B | ACTIVE_B);
        assertThat(machine.lastEvent().written()).isFalse();
        assertThat(messages()).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(longs = {2, 3})
    void aFullLogGivesWayToTheOtherAndLosesNothing(long code) {
        machine = machine(1L << 28, code << 32);
        fault(PLACES);
        assertThat(state()).isEqualTo(RUN);
        machine.read(0x7000);
        assertThat(state()).isEqualTo(OVERFLOW | RUN | ACTIVE_B);
        assertThat(machine.memory.peek(LOG_B + 8)).isEqualTo(0x7000);
        assertThat(machine.iommu.register(0x2018)).isEqualTo(0xFF0);
        assertThat(machine.iommu.register(0x2078)).isEqualTo(0x10);
        assertThat(machine.events).hasSize(PLACES + 1).allMatch(Machine.Logged::written);
        assertThat(messages()).as("one for EventLogInt, one for EventOverflow").isEqualTo(2);
    }

    @Test
    void aSwapWithoutTheInterruptEnableBitSendsNothing() {
        machine = machine(1L << 28, SWAP & ~8L);
        machine.write(0x18, ENABLED & ~8 | SWAP);
        fault(PLACES + 1);
        assertThat(state()).isEqualTo(OVERFLOW | RUN | ACTIVE_B);
        assertThat(messages()).isZero();
    }

    @Test
    void aDrainedLogIsUsedAgain() {
        fault(PLACES + 1);
        machine.write(0x2010, 0xFF0);
        machine.write(0x2020, OVERFLOW);
        fault(PLACES - 1);
        assertThat(state()).isEqualTo(RUN | ACTIVE_B);
        machine.read(0x7000);
        assertThat(state()).isEqualTo(RUN | OVERFLOW_B);
        assertThat(machine.memory.peek(LOG + 0xFF8)).isEqualTo(0x7000);
        assertThat(machine.iommu.register(0x2018)).isZero();
    }

    @Test
    void bothLogsFullStopLogging() {
        fault(2 * PLACES);
        assertThat(state()).isEqualTo(OVERFLOW | RUN | ACTIVE_B);
        fault(1);
        assertThat(state()).isEqualTo(OVERFLOW | OVERFLOW_B | ACTIVE_B);
        assertThat(machine.lastEvent().written()).isFalse();
    }

    @Test
    void aLogWhoseOverflowWasClearedButNotItsEntriesHasNoRoom() {
        fault(PLACES + 1);
        machine.write(0x2020, OVERFLOW);
        fault(PLACES);
        assertThat(state()).isEqualTo(OVERFLOW_B | ACTIVE_B);
    }

    @Test
    void aLogWithAReservedLengthIsNoPlaceToGoTo() {
        machine.write(0xF8, LOG_B | 7L << 56);
        fault(PLACES + 1);
        assertThat(state()).isEqualTo(OVERFLOW);
        assertThat(machine.lastEvent().written()).isFalse();
    }

    @Test
    void theRestartProcedureBeginsWithTheLogOfTheCode() {
        fault(2 * PLACES + 1);
        machine.write(0x2010, 0xFF0);
        machine.write(0x2070, 0xFF0);
        machine.write(0x18, (ENABLED | SWAP) & ~4L);
        assertThat(state()).isEqualTo(OVERFLOW | OVERFLOW_B | ACTIVE_B);
        machine.write(0x18, ENABLED | SWAP);
        assertThat(state()).isEqualTo(RUN);
        machine.read(0x7000);
        assertThat(machine.memory.peek(LOG + 0xFF8)).isEqualTo(0x7000);
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 1", "0, 1", "1, 0"})
    void anotherCodeSelectsItsLogAtOnce(long first, long second) {
        machine = machine(1L << 28, first << 32);
        assertThat(state()).isEqualTo(first == 1 ? RUN | ACTIVE_B : RUN);
        machine.write(0x18, ENABLED | second << 32);
        assertThat(state()).isEqualTo(second == 1 ? RUN | ACTIVE_B : RUN);
    }

    @Test
    void otherControlBitsLeaveTheActiveLogAlone() {
        fault(PLACES + 1);
        machine.write(0x18, ENABLED | SWAP | 1L << 4);
        assertThat(state()).isEqualTo(OVERFLOW | RUN | ACTIVE_B);
    }

    @Test
    void logBNeedsALegalLengthToRunAlone() {
        machine.write(0x18, 0);
        machine.write(0xF8, LOG_B | 7L << 56);
        machine.write(0x18, ENABLED | ONLY_B);
        assertThat(state()).isEqualTo(ACTIVE_B);
    }

    @Test
    void theOverflowBitsClearByWritingOne() {
        machine.iommu.forceRegister(0x2020, OVERFLOW_B | ACTIVE_B);
        machine.write(0x2020, OVERFLOW_B | ACTIVE_B);
        assertThat(state()).isEqualTo(ACTIVE_B);
    }

    @Test
    void suppressedEventsAreToldWithThePlaceInTheActiveLog() {
        machine = machine(1L << 28, ONLY_B);
        fault(3);
        machine.deviceEntry(
                Machine.DEVICE, Machine.ROOT | 3 << 9 | Machine.READ_WRITE | 3, Machine.DOMAIN | 1L << 34, 0, 0);
        machine.command(2L << 60 | Machine.DEVICE, 0);
        fault(1);
        assertThat(machine.lastEvent().written()).isFalse();
        assertThat(machine.lastEvent().offset()).isEqualTo(0x30);
    }
}
