package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.GuestBench.MEMORY;
import static org.iorewind.model.iommu.TwoGuests.GUEST;
import static org.iorewind.model.iommu.TwoGuests.VNR;
import static org.iorewind.model.iommu.TwoGuests.V_CMD;
import static org.iorewind.model.iommu.TwoGuests.WAIT;

import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** amd-viommu reference 5.1 to 5.3: what stops a guest's command ring, and who hears of it. */
class VirtualCommandErrorTest {

    private final GuestBench bench = TwoGuests.bench();
    private final Machine machine = bench.machine;

    private void expectHostEvent(long q0) {
        assertThat(machine.lastEvent().q0()).isEqualTo(q0);
        assertThat(machine.lastEvent().written()).isTrue();
        assertThat(bench.isRunning(GUEST)).isFalse();
        assertThat(machine.told).contains("guest 3 stopped");
        assertThat(machine.status() & 1 << 4).isNotZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 9L << 60, 10L << 60, 15L << 60, 1L << 60 | 1L << 52, 8L << 60 | 1})
    void illegalCommandsAreReportedToTheGuestAndStopItsRing(long q0) {
        bench.command(GUEST, WAIT, 0);
        bench.command(GUEST, q0, 0);
        assertThat(machine.guestEvents)
                .containsExactly(new Machine.GuestLogged(GUEST, LogKind.EVENT, 0, 5L << 60, 0x10, true));
        assertThat(machine.memory.peek(GuestBench.base(GUEST) + GuestBench.EVENTS))
                .isEqualTo(5L << 60);
        assertThat(bench.isRunning(GUEST)).isFalse();
        assertThat(machine.told).contains("guest 3 stopped", "guest 3 interrupt EVENT_LOG");
        assertThat(machine.events).isEmpty();
        assertThat(bench.page(GUEST, 0x00)).isEqualTo(0x10);
    }

    @Test
    void withoutAnEventLogOfTheGuestTheHostHearsOfIllegalCommands() {
        bench.control(GUEST, 0x28, 0x88);
        bench.command(GUEST, 9L << 60, 0);
        expectHostEvent(5L << 60 | V_CMD | VNR | GUEST);
        assertThat(machine.lastEvent().q1()).isEqualTo(GuestBench.base(GUEST) + GuestBench.RING);
    }

    @Test
    void underHostThenInjectTheHostHearsOfIllegalCommands() {
        GuestBench other = new GuestBench(
                GuestBench.options().eventRouting(EventRouting.HOST_THEN_INJECT).build(), false);
        other.add(GUEST);
        other.command(GUEST, 9L << 60, 0);
        assertThat(other.machine.guestEvents).isEmpty();
        assertThat(other.machine.lastEvent().code()).isEqualTo(5);
    }

    @ParameterizedTest
    @CsvSource({"2, 0x11", "3, 0", "4, 0x11", "5, 0x11", "6, 0x11", "7, 0x11"})
    void anUnmappedIdIsReportedToTheHostAndStopsTheRing(long opcode, String low) {
        bench.command(GUEST, opcode << 60 | Long.decode(low), 0);
        expectHostEvent(5L << 60 | V_CMD | VNR | GUEST);
        assertThat(machine.guestEvents).isEmpty();
    }

    @Test
    void aMapThatCannotBeReadStopsTheRing() {
        machine.memory.injectFailure(GuestBench.deviceMap(GUEST) + 0x12 * 16, 8, MemoryStatus.ABORT);
        bench.command(GUEST, 2L << 60 | 0x12, 0);
        expectHostEvent(0xCL << 60 | 0x200L << 48 | V_CMD | VNR | GUEST);
        assertThat(machine.lastEvent().q1()).isEqualTo(0x10_0000_0000L + GUEST * 0x10_0000L + 0x120);
    }

    @Test
    void aFetchThatFindsNoPageStopsTheRing() {
        bench.mapPrivate(0x28_0000_0000L + GUEST * 0x8_0000L, 0);
        bench.command(GUEST, WAIT, 0);
        expectHostEvent(0xCL << 60 | V_CMD | VNR | 1 << 16 | GUEST);
        assertThat(machine.lastEvent().q1()).isEqualTo(0x28_0000_0000L + GUEST * 0x8_0000L);
    }

    @Test
    void aFetchThatFailsStopsTheRing() {
        machine.memory.injectFailure(GuestBench.base(GUEST) + GuestBench.RING, 8, MemoryStatus.POISON);
        bench.command(GUEST, WAIT, 0);
        expectHostEvent(0xCL << 60 | 0x600L << 48 | V_CMD | VNR | 1 << 16 | GUEST);
    }

    @Test
    void anUnmappedSemaphoreIsAPageFaultOfTheTranslateDevice() {
        bench.command(GUEST, WAIT | 0x1000_0000L | 1, 0);
        expectHostEvent(2L << 60
                | 0x020L << 48
                | (long) GuestBench.domain(GUEST) << 32
                | V_CMD
                | VNR
                | GuestBench.translateDevice(GUEST));
        assertThat(machine.lastEvent().q1()).isEqualTo(0x1000_0000L);
    }

    @Test
    void aReadOnlySemaphoreIsAPermissionFault() {
        bench.map(bench.guestRoot(GUEST), MEMORY, GuestBench.base(GUEST) + MEMORY | Machine.READ_ONLY | 1);
        bench.command(GUEST, WAIT | MEMORY | 1, 0);
        assertThat(machine.lastEvent().flags()).isEqualTo(0x070);
        assertThat(machine.lastEvent().code()).isEqualTo(2);
    }

    @Test
    void aSemaphoreThatCannotBeStoredStopsTheRing() {
        machine.memory.injectFailure(GuestBench.base(GUEST) + MEMORY, 8, MemoryStatus.ABORT);
        bench.command(GUEST, WAIT | MEMORY | 1, 0);
        expectHostEvent(0xCL << 60 | 0x220L << 48 | V_CMD | VNR | 1 << 16 | GUEST);
        assertThat(machine.lastEvent().q1()).isEqualTo(MEMORY);
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "4, 4", "2, 1"})
    void translateTablesThatAreWrongAreReportedWithVCmd(int kind, int code) {
        long entry = Machine.DEVICE_TABLE + 32L * GuestBench.translateDevice(GUEST);
        if (kind == 1) {
            machine.memory.injectFailure(entry, 8, MemoryStatus.ABORT);
        } else if (kind == 2) {
            machine.memory.writeLong(entry, machine.memory.peek(entry) | 4);
        } else {
            machine.memory.injectFailure(bench.guestRoot(GUEST), 8, MemoryStatus.ABORT);
        }
        bench.command(GUEST, WAIT | MEMORY | 1, 0);
        assertThat(machine.lastEvent().code()).isEqualTo(code);
        assertThat(machine.lastEvent().q0() & (V_CMD | VNR)).isEqualTo(V_CMD | VNR);
        assertThat(machine.lastEvent().device()).isEqualTo(GuestBench.translateDevice(GUEST));
        assertThat(bench.isRunning(GUEST)).isFalse();
    }

    @Test
    void aPrivateTableThatCannotBeReadStopsTheRing() {
        long root = machine.memory.peek(Machine.DEVICE_TABLE + 64) & 0x000F_FFFF_FFFF_F000L;
        machine.memory.injectFailure(root, 8, MemoryStatus.ABORT);
        bench.command(GUEST, WAIT, 0);
        long domain = (long) GuestBench.PRIVATE_DOMAIN << 32;
        assertThat(machine.events.get(0).q0())
                .isEqualTo(4L << 60 | 0x200L << 48 | domain | V_CMD | VNR | GuestBench.OWN);
        assertThat(bench.isRunning(GUEST)).isFalse();
        assertThat(machine.told).contains("guest 3 stopped");
    }

    @Test
    void aStoppedRingRunsAgainWhenCmdBufEnIsToggled() {
        bench.command(GUEST, 9L << 60, 0);
        bench.command(GUEST, WAIT | MEMORY | 1, 5);
        assertThat(machine.memory.peek(GuestBench.base(GUEST) + MEMORY)).isZero();
        bench.page(GUEST, 0x00, 0x10);
        long control = bench.control(GUEST, 0x20);
        bench.control(GUEST, 0x20, control & ~GuestBench.ENABLE);
        bench.control(GUEST, 0x20, control);
        assertThat(machine.memory.peek(GuestBench.base(GUEST) + MEMORY)).isEqualTo(5);
        assertThat(bench.isRunning(GUEST)).isTrue();
    }
}
