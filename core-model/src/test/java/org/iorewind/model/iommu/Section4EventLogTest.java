package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.LOG;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;

import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;

/** Reference 4.1 to 4.5. */
class Section4EventLogTest {
    private static final long VALID = ROOT | 3 << 9 | READ_WRITE | 3;

    private final Machine machine = Machine.started(Profile.SPEC);

    @Test
    void anEntryStandsInMemoryBeforeItsTail() {
        machine.written(0x1234);
        assertThat(machine.memory.peek(LOG)).isEqualTo(2L << 60 | 0x020L << 48 | (long) DOMAIN << 32 | DEVICE);
        assertThat(machine.memory.peek(LOG + 8)).isEqualTo(0x1234);
        assertThat(machine.iommu.register(0x2018)).isEqualTo(0x10);
        assertThat(machine.lastEvent().offset()).isZero();
        assertThat(machine.lastEvent().written()).isTrue();
        assertThat(machine.status()).isEqualTo(0x1A);
    }

    @Test
    void oneMessageIsSentForEachRiseOfEventLogInt() {
        machine.read(0x1000);
        machine.read(0x2000);
        assertThat(machine.told.stream().filter("own EVENT_LOG"::equals)).hasSize(1);
        machine.write(0x2020, 2);
        machine.read(0x3000);
        assertThat(machine.told.stream().filter("own EVENT_LOG"::equals)).hasSize(2);
    }

    @Test
    void eventLogIntRisesWithoutItsEnableBitButSendsNothing() {
        machine.write(0x18, Machine.ENABLED & ~8);
        machine.read(0x1000);
        assertThat(machine.status()).isEqualTo(0x1A);
        assertThat(machine.told).doesNotContain("own EVENT_LOG");
    }

    @Test
    void aFullLogDropsTheEventAndStops() {
        for (int i = 0; i < 255; i++) {
            machine.read(0x1000);
        }
        assertThat(machine.status()).isEqualTo(0x1A);
        assertThat(machine.iommu.register(0x2018)).isEqualTo(0xFF0);
        machine.write(0x2020, 2);
        machine.read(0x1000);
        assertThat(machine.lastEvent().written()).isFalse();
        assertThat(machine.status()).isEqualTo(0x11);
        assertThat(machine.told.stream().filter("own EVENT_LOG"::equals)).hasSize(2);
        machine.write(0x2010, 0x100);
        machine.read(0x1000);
        assertThat(machine.lastEvent().written()).isFalse();
    }

    @Test
    void theRestartProcedureWorks() {
        for (int i = 0; i < 256; i++) {
            machine.read(0x1000);
        }
        machine.write(0x2010, 0xFF0);
        machine.write(0x18, Machine.ENABLED & ~4);
        machine.write(0x18, Machine.ENABLED);
        assertThat(machine.status() & 9).isEqualTo(8);
        machine.read(0x7000);
        assertThat(machine.memory.peek(LOG + 0xFF8)).isEqualTo(0x7000);
        assertThat(machine.iommu.register(0x2018)).isZero();
    }

    @Test
    void nothingIsLoggedWhileTheLogIsOff() {
        machine.write(0x18, Machine.ENABLED & ~4);
        machine.read(0x1000);
        assertThat(machine.lastEvent().written()).isFalse();
        assertThat(machine.status()).isEqualTo(0x10);
    }

    @Test
    void anEntryThatCannotBeStoredIsLost() {
        machine.memory.injectFailure(LOG + 8, 8, MemoryStatus.ABORT);
        machine.read(0x1000);
        assertThat(machine.lastEvent().written()).isFalse();
        assertThat(machine.iommu.register(0x2018)).isZero();
        assertThat(machine.told).contains("failure LOG 210000 ABORT");
    }

    @Test
    void saSuppressesTheEntryButNotTheAbort() {
        machine.deviceEntry(DEVICE, VALID, DOMAIN | 1L << 34, 0, 0);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        assertThat(machine.lastEvent().written()).isFalse();
        assertThat(machine.iommu.register(0x2018)).isZero();
    }

    @Test
    void aFaultThatTheLogDidNotTakeDoesNotUseUpSe() {
        machine.deviceEntry(DEVICE, VALID, DOMAIN | 1L << 33, 0, 0);
        machine.write(0x18, Machine.ENABLED & ~4);
        machine.read(0x1000);
        assertThat(machine.lastEvent().written()).isFalse();
        machine.write(0x18, Machine.ENABLED);
        machine.read(0x1000);
        assertThat(machine.lastEvent().written()).isTrue();
        machine.read(0x1000);
        assertThat(machine.lastEvent().written()).isFalse();
    }

    @Test
    void seLogsTheFirstFaultAndArmsAgainWithTheEntry() {
        machine.deviceEntry(DEVICE, VALID, DOMAIN | 1L << 33, 0, 0);
        machine.read(0x1000);
        assertThat(machine.lastEvent().written()).isTrue();
        machine.read(0x1000);
        assertThat(machine.lastEvent().written()).isFalse();
        machine.command(2L << 60 | DEVICE, 0);
        machine.read(0x1000);
        assertThat(machine.lastEvent().written()).isTrue();
    }

    @Test
    void hardwareErrorsAndIllegalEntriesAreNotSuppressed() {
        machine.deviceEntry(DEVICE, VALID | 4, DOMAIN | 3L << 33, 0, 0);
        machine.written(0x1007);
        assertThat(machine.lastEvent())
                .isEqualTo(new Machine.Logged(0, 1L << 60 | 0x0A0L << 48 | DEVICE, 0x1004, true));
    }

    @Test
    void aForcedEntryFollowsTheRules() {
        machine.iommu.forceLogEntry(8L << 60 | 5, 77);
        assertThat(machine.memory.peek(LOG)).isEqualTo(8L << 60 | 5);
        assertThat(machine.memory.peek(LOG + 8)).isEqualTo(77);
        assertThat(machine.status()).isEqualTo(0x1A);
        machine.write(0x18, 1);
        machine.iommu.forceLogEntry(1, 2);
        assertThat(machine.lastEvent().written()).isFalse();
    }
}
