package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.EffectSink.NO_PASID;
import static org.iorewind.model.iommu.Machine.DEVICE;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 5.2, 4.5, 1.9, 1.11: a second PPR log. */
class Section5DualLogTest {
    private static final long LOG_A = 0x60_0000;
    private static final long LOG_B = 0x61_0000;
    private static final long LENGTH = 8L << 56;
    private static final long ON = Machine.ENABLED | 7L << 13;
    private static final long OVERFLOW = 1L << 5;
    private static final long RUN = 1L << 7;
    private static final long OVERFLOW_B = 1L << 11;
    private static final long ACTIVE_B = 1L << 12;
    private static final long EARLY_B = 1L << 17;
    private static final long EARLY = 1L << 18;
    private static final long STATE = OVERFLOW | RUN | OVERFLOW_B | ACTIVE_B | EARLY_B | EARLY;
    private static final long ONLY_B = 1L << 30;
    private static final long SWAP = 2L << 30;
    private static final int PLACES = 255;

    private Machine machine = machine(1L << 24, SWAP);

    private static Machine machine(long support, long code) {
        Machine machine = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .extendedFeatures(2L << 10 | 1L << 1 | 1L << 40 | support)
                .build());
        machine.write(0x38, LOG_A | LENGTH);
        machine.write(0xF0, LOG_B | LENGTH);
        machine.write(0x18, ON | code);
        return machine;
    }

    private PageRequestDecision request() {
        return machine.iommu.pageRequest(DEVICE, NO_PASID, 0x7000, 1, 0, true);
    }

    private void request(int times) {
        for (int i = 0; i < times; i++) {
            assertThat(request()).isEqualTo(PageRequestDecision.LOGGED);
        }
    }

    private long state() {
        return machine.status() & STATE;
    }

    @Test
    void theRegistersOfLogBAreThoseOfLogA() {
        assertThat(new Machine(machine.iommu.options()).iommu.register(0xF0)).isEqualTo(LENGTH);
        machine.write(0x2050, -1);
        machine.write(0x2058, -1);
        assertThat(machine.iommu.register(0x2050)).isEqualTo(0x7_FFF0);
        assertThat(machine.iommu.register(0x2058)).isEqualTo(0x7_FFF0);
        machine.write(0xF0, -1);
        assertThat(machine.iommu.register(0xF0)).isEqualTo(0x0F0F_FFFF_FFFF_F000L);
        assertThat(machine.iommu.register(0x2050) | machine.iommu.register(0x2058))
                .isZero();
    }

    @Test
    void withoutSupportThereIsNoLogB() {
        machine = machine(0, ONLY_B);
        for (int register : new int[] {0xF0, 0x2050, 0x2058}) {
            machine.write(register, -1);
            assertThat(machine.iommu.register(register)).isZero();
        }
        request(1);
        assertThat(machine.memory.peek(LOG_A + 8)).isEqualTo(0x7000);
    }

    @Test
    void logBAloneOverflowsWithItsOwnBitAndStops() {
        machine = machine(2L << 24, ONLY_B);
        request(PLACES);
        assertThat(machine.memory.peek(LOG_B + 8)).isEqualTo(0x7000);
        assertThat(machine.iommu.register(0x2058)).isEqualTo(0xFF0);
        assertThat(state()).isEqualTo(RUN | ACTIVE_B);
        assertThat(request()).isEqualTo(PageRequestDecision.LOST);
        assertThat(state()).isEqualTo(OVERFLOW_B | ACTIVE_B);
        assertThat(machine.ownMessages).hasSize(2);
    }

    @Test
    void aFullLogGivesWayToTheOtherAndLosesNothing() {
        request(PLACES + 1);
        assertThat(state()).isEqualTo(OVERFLOW | RUN | ACTIVE_B);
        assertThat(machine.memory.peek(LOG_B + 8)).isEqualTo(0x7000);
        assertThat(machine.ownMessages).as("PprInt and PprOverflow").hasSize(2);
        request(PLACES - 1);
        assertThat(request()).isEqualTo(PageRequestDecision.LOST);
        assertThat(state()).isEqualTo(OVERFLOW | OVERFLOW_B | ACTIVE_B);
    }

    @Test
    void theRestartProcedureBeginsWithTheLogOfTheCode() {
        request(2 * PLACES);
        assertThat(request()).isEqualTo(PageRequestDecision.LOST);
        machine.write(0x2030, 0xFF0);
        machine.write(0x2050, 0xFF0);
        machine.write(0x18, (ON | SWAP) & ~(1L << 13));
        machine.write(0x18, ON | SWAP);
        assertThat(state()).isEqualTo(RUN);
        request(PLACES + 1);
        assertThat(state()).isEqualTo(OVERFLOW | RUN | ACTIVE_B);
    }

    @Test
    void logBNeedsALegalLengthToRunAlone() {
        machine.write(0x18, 0);
        machine.write(0xF0, LOG_B | 7L << 56);
        machine.write(0x18, ON | ONLY_B);
        assertThat(state()).isEqualTo(ACTIVE_B);
    }

    @ParameterizedTest
    @CsvSource({"0, 0x2088, 0x40000", "1, 0x2090, 0x20000"})
    void eachLogHasItsOwnEarlyThreshold(long code, String register, String bit) {
        machine = machine(1L << 24, code << 30);
        machine.write(Integer.decode(register), 1L << 31 | 1L << 30 | 3);
        request(2);
        assertThat(state() & (EARLY | EARLY_B)).isZero();
        request(1);
        assertThat(state() & (EARLY | EARLY_B)).isEqualTo(Long.decode(bit));
        assertThat(machine.ownMessages).hasSize(2);
        machine.write(0x2020, EARLY | EARLY_B);
        assertThat(state() & (EARLY | EARLY_B)).isZero();
    }

    @ParameterizedTest
    @CsvSource({"1, 0x2088", "0, 0x2090"})
    void theOtherLogsThresholdDoesNotCount(long code, String register) {
        machine = machine(1L << 24, code << 30);
        machine.write(Integer.decode(register), 1L << 31 | 1);
        request(3);
        assertThat(state() & (EARLY | EARLY_B)).isZero();
    }
}
