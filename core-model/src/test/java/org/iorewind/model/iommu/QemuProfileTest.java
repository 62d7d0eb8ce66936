package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.INTERRUPT_TABLE;
import static org.iorewind.model.iommu.Machine.LOG;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;
import static org.iorewind.model.iommu.Machine.STORE;
import static org.iorewind.model.iommu.Machine.TABLE_1;

import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Reference 12.1 and 12.2, and what the recorded devices did with registers, logs, commands and interrupts; each test names the rows
 * of the deviation table it covers.
 */
class QemuProfileTest {
    private static final long VALID = ROOT | 3 << 9 | READ_WRITE | 3;

    private final Machine ten = Machine.started(Profile.QEMU_10_0);
    private final Machine eleven = Machine.started(Profile.QEMU_11_1);

    /** Q-REG-1, Q-REG-2, Q-REG-3, Q-REG-5. */
    @ParameterizedTest
    @EnumSource(names = "SPEC", mode = EnumSource.Mode.EXCLUDE)
    void fewRegistersAreAllStorage(Profile profile) {
        Machine machine = new Machine(IommuOptions.of(profile));
        for (int offset : new int[] {0, 8, 0x10, 0x28, 0x38, 0x2000, 0x2008, 0x2010, 0x2018, 0x2030, 0x2038}) {
            assertThat(machine.iommu.register(offset)).isZero();
            machine.write(offset, -1);
            assertThat(machine.iommu.register(offset)).as("%x", offset).isEqualTo(-1);
        }
        machine.write(0x20, -1);
        machine.write(0x30, -1);
        assertThat(machine.iommu.register(0x20)).isZero();
        assertThat(machine.iommu.register(0x30)).isEqualTo(0x29D3);
        assertThat(machine.iommu.mmioRead(0x30, 1)).isEqualTo(0xFF);
        assertThat(machine.iommu.mmioRead(0x30, 2)).isEqualTo(0x29D3);
        assertThat(machine.iommu.mmioRead(0x31, 2)).isZero();
        machine.iommu.mmioWrite(0x28, 1, 0);
        assertThat(machine.iommu.register(0x28)).isEqualTo(-1);
        machine.iommu.mmioWrite(0x2A, 2, 0);
        assertThat(machine.iommu.register(0x28)).isEqualTo(0xFFFF_FFFF_0000_FFFFL);
        machine.write(0x18, 1L << 13 | 1L << 28);
        assertThat(machine.told).isEmpty();
    }

    /** Q-REG-13. */
    @ParameterizedTest
    @EnumSource(names = "SPEC", mode = EnumSource.Mode.EXCLUDE)
    void thePointersOfALogThatIsMissingStay(Profile profile) {
        Machine machine = new Machine(IommuOptions.of(profile));
        machine.write(0x2030, 0x10);
        machine.write(0x2038, 0x20);
        machine.write(0x38, Machine.LOG);
        assertThat(machine.iommu.register(0x2030)).isEqualTo(0x10);
        assertThat(machine.iommu.register(0x2038)).isEqualTo(0x20);
    }

    /** Q-REG-4, Q-REG-7. */
    @Test
    void statusTakesWritesOnlyInTheNewVersion() {
        ten.write(0x2020, -1);
        assertThat(ten.status()).isEqualTo(0x18);
        eleven.write(0x2020, -1);
        assertThat(eleven.status()).isEqualTo(0xFFFF_FFFF_FFFF_FF18L);
        eleven.write(0x2020, 0);
        assertThat(eleven.status()).isEqualTo(0x18);
    }

    /** Q-EVT-1. */
    @Test
    void theOldVersionNeverLogs() {
        assertThat(ten.read(0x1000).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        ten.command(0, 0);
        assertThat(ten.iommu.register(0x2018)).isZero();
        assertThat(ten.status()).isEqualTo(0x18);
        assertThat(ten.events).noneMatch(Machine.Logged::written);
    }

    /** Q-EVT-2, Q-EVT-3, Q-EVT-4, Q-EVT-5. */
    @Test
    void theNewVersionLogsInAFormOfItsOwn() {
        eleven.deviceEntry(0x130, VALID, DOMAIN, 0, 0);
        eleven.write(0x00, Machine.DEVICE_TABLE | 3);
        eleven.command(2L << 60 | 0x130, 0);
        eleven.dma(0x130, 0x1000, AccessKind.READ);
        eleven.dma(0x130, 0x1000, AccessKind.WRITE);
        assertThat(eleven.memory.peek(LOG)).isEqualTo(0x2009_0000_0000_0030L);
        assertThat(eleven.memory.peek(LOG + 16)).isEqualTo(0x200A_0000_0000_0030L);
        assertThat(eleven.memory.peek(LOG + 24)).isZero();
        assertThat(eleven.told.stream().filter("own EVENT_LOG"::equals)).hasSize(2);
        eleven.command(0xF000_0000_0000_1234L, 5);
        assertThat(eleven.lastEvent().q0()).isEqualTo(0x500F_0000_0000_0000L);
        eleven.write(0x18, Machine.ENABLED & ~8);
        eleven.write(0x2020, 2);
        eleven.read(0x1000);
        assertThat(eleven.lastEvent().written()).isTrue();
        assertThat(eleven.status()).isEqualTo(0x18);
    }

    /** Q-EVT-6, Q-EVT-7, Q-EVT-8, Q-REG-10. */
    @Test
    void aFullLogKeepsRunning() {
        eleven.write(0x10, LOG | 3L << 56);
        for (int i = 0; i < 8; i++) {
            eleven.command(0, 0);
        }
        assertThat(eleven.iommu.register(0x2018)).isEqualTo(0x70);
        assertThat(eleven.status()).isEqualTo(0x1B);
        eleven.write(0x18, Machine.ENABLED & ~4);
        eleven.write(0x18, Machine.ENABLED);
        assertThat(eleven.status()).isEqualTo(0x1B);
        eleven.write(0x2020, 1);
        eleven.write(0x2010, 0x10);
        eleven.command(0, 0);
        assertThat(eleven.iommu.register(0x2018)).isZero();
    }

    /** Q-EVT-9. */
    @Test
    void anUnreadableTableGivesTwoEvents() {
        eleven.memory.injectFailure(TABLE_1, 0x1000, MemoryStatus.ABORT);
        eleven.read(0x1000);
        assertThat(eleven.events).extracting(Machine.Logged::q0).containsExactly(4L << 60 | 0x30, 0x2009L << 48 | 0x30);
        ten.memory.injectFailure(TABLE_1, 0x1000, MemoryStatus.ABORT);
        assertThat(ten.read(0x1000).decision()).isEqualTo(TranslationDecision.HARDWARE_ERROR);
    }

    /** Q-CMD-1, Q-CMD-2, Q-CMD-3, Q-CMD-4. */
    @Test
    void nothingStopsTheRing() {
        eleven.command(0, 0);
        eleven.command(1L << 60 | 1L << 53 | STORE | 3, 5);
        eleven.memory.injectFailure(STORE, 8, MemoryStatus.ABORT);
        eleven.command(1L << 60 | STORE | 3, 6);
        eleven.memory.injectFailure(Machine.RING + 0x40, 16, MemoryStatus.ABORT);
        eleven.command(1L << 60, 0);
        assertThat(eleven.memory.peek(STORE)).isEqualTo(5);
        assertThat(eleven.iommu.register(0x2000)).isEqualTo(0x50);
        assertThat(eleven.status()).isEqualTo(0x1E);
        assertThat(eleven.events).extracting(Machine.Logged::q0).containsExactly(5L << 60, 0x5001L << 48, 6L << 60);
        assertThat(eleven.told.stream().filter("own COMPLETION_WAIT"::equals)).hasSize(2);
    }

    /** Q-EVT-11, Q-EVT-13. */
    @Test
    void everyFaultCountsAsLogged() {
        eleven.deviceEntry(DEVICE, VALID, DOMAIN | 1L << 34, 0, 0);
        eleven.read(0x1000);
        assertThat(eleven.lastEvent().written()).isTrue();
        eleven.memory.injectFailure(LOG, 0x1000, MemoryStatus.ABORT);
        eleven.told.clear();
        eleven.read(0x1000);
        assertThat(eleven.iommu.register(0x2018)).isEqualTo(0x20);
        assertThat(eleven.told).contains("own EVENT_LOG");
    }

    /** Q-INT-1 to Q-INT-7, Q-INT-10. */
    @Test
    void interruptsAreAssembledAnew() {
        long remap = INTERRUPT_TABLE | 1 | 2L << 60;
        eleven.deviceEntry(DEVICE, VALID, DOMAIN, remap, 0);
        eleven.memory.writeLong(INTERRUPT_TABLE + 8, (1L | 1 << 5 | 0xAB << 8 | 0x41 << 16) << 32);
        assertThat(eleven.interrupt(0xFEE0_0000L, 0x8003))
                .isEqualTo(new Machine.Delivered(
                        InterruptDecision.REMAPPED, 0xFEEA_B008L, 0x4041, 4, INTERRUPT_TABLE + 12));
        assertThat(eleven.interrupt(0xFEF0_0000L, 3).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(eleven.interrupt(0xFEE0_0000L, 4).decision()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(eleven.interrupt(0xFEE0_0000L, 0x200).decision()).isEqualTo(InterruptDecision.ABORTED);
        eleven.memory.writeLong(INTERRUPT_TABLE + 16, 1 | 1 << 24 | 0x50 << 16);
        assertThat(eleven.interrupt(0xFEE0_0000L, 4).data()).isEqualTo(0x4050);
        eleven.memory.writeLong(INTERRUPT_TABLE + 16, 1 | 1 << 7);
        assertThat(eleven.interrupt(0xFEE0_0000L, 4).decision()).isEqualTo(InterruptDecision.ABORTED);
        eleven.write(0x18, Machine.ENABLED | 1L << 25 | 1 << 17);
        assertThat(eleven.interrupt(0xFEE0_0000L, 1).decision()).isEqualTo(InterruptDecision.ABORTED);
        eleven.memory.writeLong(INTERRUPT_TABLE + 16, 1 | 0x1_23AB << 8);
        eleven.memory.writeLong(INTERRUPT_TABLE + 24, 0x42);
        assertThat(eleven.interrupt(0xFEE0_0000L, 1).address()).isEqualTo(0xFEEA_B000L);
        eleven.write(0x18, 0);
        eleven.deviceEntry(DEVICE, VALID, DOMAIN, INTERRUPT_TABLE | 1 | 1L << 60, 0);
        assertThat(eleven.interrupt(0xFEE0_1000L, 3))
                .isEqualTo(new Machine.Delivered(InterruptDecision.PASSED, 0xFEE0_0000L, 0x4000, 0, 0));
        eleven.deviceEntry(DEVICE, VALID, DOMAIN, INTERRUPT_TABLE | 1 | 3L << 60, 0);
        assertThat(eleven.interrupt(0xFEE0_1000L, 3).decision()).isEqualTo(InterruptDecision.ABORTED);
        eleven.deviceEntry(DEVICE, VALID, DOMAIN, remap, 0);
        eleven.memory.injectFailure(INTERRUPT_TABLE, 0x1000, MemoryStatus.ABORT);
        assertThat(eleven.interrupt(0xFEE0_1000L, 3).decision()).isEqualTo(InterruptDecision.ABORTED);
        eleven.write(0x00, 0);
        assertThat(eleven.interrupt(0xFEE0_1000L, 3).data()).isEqualTo(3);
        assertThat(eleven.events).isEmpty();
    }
}
