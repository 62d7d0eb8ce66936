package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.INTERRUPT_TABLE;

import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.model.memory.SparseMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 5.3, 5.4, 8.6, and 4.5 applied to the guest APIC log. */
class Section5GuestApicTest {
    private static final long MSI = 0xFEE0_0000L;
    private static final int GA_LOG = 0x60_0000;
    private static final int TAIL_COPY = 0x61_0008;
    private static final int PAGE = 0x62_0000;
    private static final long ON = Machine.ENABLED | 1L << 17 | 1L << 25 | 3L << 28;
    private static final long GUEST = 1 | 1 << 7;
    private static final long LOG = 1 << 2;
    private static final long RUNNING = 1 << 6;
    private static final int TAG = 0xCAFE_0042;
    private static final int INDEX = 3;

    private final Machine machine = machine(SparseMemory.zeroFilled());

    private static Machine machine(SparseMemory memory) {
        Machine machine = new Machine(
                IommuOptions.of(Profile.SPEC).toBuilder().deviceEntryCache(0).build(), memory);
        machine.deviceEntry(DEVICE, 0, 7, INTERRUPT_TABLE | 1 | 4 << 1 | 2L << 60, 0);
        machine.write(0xE0, GA_LOG | 8L << 56);
        machine.write(0xE8, TAIL_COPY);
        machine.start(ON);
        return machine;
    }

    private void entry(long low, int destination, int vector) {
        long whole = low | (long) TAG << 32 | (destination & 0xFF_FFFFL) << 8;
        machine.memory.writeLong(INTERRUPT_TABLE + INDEX * 16, whole);
        machine.memory.writeLong(INTERRUPT_TABLE + INDEX * 16 + 8, (long) (destination >>> 24) << 56 | PAGE | vector);
    }

    private InterruptDecision interrupt() {
        return machine.interrupt(MSI, INDEX).decision();
    }

    private long count(String line) {
        return machine.told.stream().filter(line::equals).count();
    }

    @ParameterizedTest
    @CsvSource({"0, 0x200, 0", "31, 0x200, 31", "32, 0x210, 0", "0x41, 0x220, 1", "255, 0x270, 31"})
    void theVectorsBitIsSetInTheRequestRegister(String vector, String offset, int bit) {
        entry(GUEST, 0, Integer.decode(vector));
        assertThat(interrupt()).isEqualTo(InterruptDecision.POSTED);
        assertThat(machine.memory.peek(PAGE + Integer.decode(offset))).isEqualTo(1L << bit);
        assertThat(machine.events).isEmpty();
    }

    @Test
    void otherRequestsStay() {
        machine.memory.writeLong(PAGE + 0x220, 0x5555_0000_8000_0000L);
        entry(GUEST, 0, 0x41);
        interrupt();
        assertThat(machine.memory.peek(PAGE + 0x220)).isEqualTo(0x5555_0000_8000_0002L);
    }

    @Test
    void aPostedInterruptSendsNoMessage() {
        entry(GUEST, 0, 0x41);
        assertThat(machine.interrupt(MSI, INDEX))
                .isEqualTo(new Machine.Delivered(InterruptDecision.POSTED, 0, 0, 16, INTERRUPT_TABLE + INDEX * 16));
    }

    @Test
    void aGuestThatRunsGetsADoorbell() {
        entry(GUEST | RUNNING | LOG, 0x1234_5678, 0x41);
        interrupt();
        assertThat(machine.told).contains("doorbell from 48 to 12345678 vector 65");
        assertThat(machine.iommu.register(0x2048)).isZero();
    }

    @Test
    void aGuestThatDoesNotRunGetsALogEntry() {
        entry(GUEST | LOG, 0, 0x41);
        interrupt();
        assertThat(machine.memory.peek(GA_LOG)).isEqualTo(1L << 60 | (long) DEVICE << 32 | 0xCAFE_0042L);
        assertThat(machine.iommu.register(0x2048)).isEqualTo(8);
        assertThat(machine.memory.peek(TAIL_COPY)).isEqualTo(8);
        assertThat(machine.status()).isEqualTo(1 << 3 | 1 << 4 | 1 << 8 | 1 << 10);
        assertThat(count("own GUEST_APIC_LOG")).isEqualTo(1);
        interrupt();
        assertThat(machine.memory.peek(TAIL_COPY)).isEqualTo(16);
        assertThat(count("own GUEST_APIC_LOG")).isEqualTo(1);
        machine.write(0x2020, 1 << 10);
        interrupt();
        assertThat(count("own GUEST_APIC_LOG")).isEqualTo(2);
    }

    @Test
    void withoutGaLogIntrNothingMoreHappens() {
        entry(GUEST, 0, 0x41);
        interrupt();
        assertThat(machine.events).isEmpty();
        assertThat(machine.told).noneMatch(line -> line.startsWith("doorbell") || line.startsWith("own"));
    }

    @Test
    void gaIntRisesWithoutItsEnableBitButSendsNothing() {
        machine.write(0x18, ON & ~(1L << 29));
        entry(GUEST | LOG, 0, 0x41);
        interrupt();
        assertThat(machine.status() & 1 << 10).isNotZero();
        assertThat(count("own GUEST_APIC_LOG")).isZero();
    }

    @Test
    void aFullLogSetsGalOverflowAndStops() {
        entry(GUEST | LOG, 0, 0x41);
        for (int i = 0; i < 511; i++) {
            interrupt();
        }
        assertThat(machine.iommu.register(0x2048)).isEqualTo(0xFF8);
        assertThat(machine.status() & 7 << 8).isEqualTo(5 << 8);
        assertThat(interrupt()).isEqualTo(InterruptDecision.POSTED);
        assertThat(machine.status() & 7 << 8).isEqualTo(6 << 8);
        assertThat(machine.lastEvent().written()).isFalse();
        machine.write(0x2040, 0xFF8);
        machine.write(0x18, ON & ~(1L << 28));
        machine.write(0x18, ON);
        assertThat(machine.status() & 7 << 8).isEqualTo(5 << 8);
        interrupt();
        assertThat(machine.iommu.register(0x2048)).isZero();
        assertThat(machine.lastEvent().written()).isTrue();
    }

    @Test
    void withTheLogOffTheInterruptIsPostedAllTheSame() {
        machine.write(0x18, ON & ~(1L << 28));
        entry(GUEST | LOG, 0, 0x41);
        assertThat(interrupt()).isEqualTo(InterruptDecision.POSTED);
        assertThat(machine.lastEvent().written()).isFalse();
        assertThat(machine.memory.peek(PAGE + 0x220)).isEqualTo(2);
    }

    @Test
    void aTailAddressOfZeroIsNoCopyAndAFailedCopyChangesNothing() {
        entry(GUEST | LOG, 0, 0x41);
        machine.write(0xE8, 0);
        interrupt();
        assertThat(machine.memory.peek(0)).isZero();
        machine.write(0xE8, TAIL_COPY);
        machine.memory.injectFailure(TAIL_COPY, 8, MemoryStatus.ABORT);
        interrupt();
        assertThat(machine.iommu.register(0x2048)).isEqualTo(16);
        assertThat(machine.told).contains("failure LOG 610008 ABORT");
    }

    @Test
    void destinationIsRunAndTagAreReadEachTimeTheRestIsCached() {
        entry(GUEST | LOG, 0, 0x41);
        interrupt();
        machine.memory.writeLong(INTERRUPT_TABLE + INDEX * 16, GUEST | RUNNING | 0x77 << 8 | 5L << 32);
        machine.memory.writeLong(INTERRUPT_TABLE + INDEX * 16 + 8, 0x11L << 56 | PAGE + 0x1000 | 0x50);
        interrupt();
        assertThat(machine.told).contains("doorbell from 48 to 11000077 vector 65");
        machine.memory.writeLong(INTERRUPT_TABLE + INDEX * 16, GUEST | 5L << 32);
        interrupt();
        assertThat(machine.lastEvent().q0()).isEqualTo(1L << 60 | (long) DEVICE << 32 | 5);
        machine.command(5L << 60 | DEVICE, 0);
        interrupt();
        assertThat(machine.memory.peek(PAGE + 0x1000 + 0x220)).isEqualTo(1 << 16);
    }

    @Test
    void anEntryThatCannotBeReadAgainIsAHardwareError() {
        entry(GUEST, 0, 0x41);
        interrupt();
        machine.memory.injectFailure(INTERRUPT_TABLE, 0x100, MemoryStatus.ABORT);
        assertThat(interrupt()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(machine.lastEvent().q0()).isEqualTo(4L << 60 | 0x208L << 48 | 7L << 32 | DEVICE);
    }

    @ParameterizedTest
    @CsvSource({"4, 0", "5, 0", "0, 8", "0, 11", "0, 52", "0, 55"})
    void reservedBitsFault(int low, int high) {
        entry(GUEST, 0, 0x41);
        long at = INTERRUPT_TABLE + INDEX * 16;
        machine.memory.writeLong(at, machine.memory.peek(at) | (low == 0 ? 0 : 1L << low));
        machine.memory.writeLong(at + 8, machine.memory.peek(at + 8) | (high == 0 ? 0 : 1L << high));
        assertThat(interrupt()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(machine.lastEvent().q0()).isEqualTo(2L << 60 | 0x098L << 48 | 7L << 32 | DEVICE);
        assertThat(machine.memory.peek(PAGE + 0x220)).isZero();
    }

    @Test
    void aPageThatCannotBeUsedAbortsTheInterrupt() {
        entry(GUEST | LOG, 0, 0x41);
        machine.memory.injectFailure(PAGE, 0x1000, MemoryStatus.ABORT);
        assertThat(interrupt()).isEqualTo(InterruptDecision.ABORTED);
        assertThat(machine.lastEvent().q0()).isEqualTo(4L << 60 | 0x208L << 48 | 7L << 32 | DEVICE);
        assertThat(machine.lastEvent().q1()).isEqualTo(PAGE + 0x220);
        assertThat(machine.told).contains("failure GUEST_APIC_PAGE 620220 ABORT");
        assertThat(machine.iommu.register(0x2048)).isZero();
    }

    @Test
    void aPageThatIsNotRecordedLeavesTheInterruptUndecided() {
        Machine bare = machine(SparseMemory.recordedOnly());
        bare.memory.writeLong(INTERRUPT_TABLE, GUEST | LOG);
        bare.memory.writeLong(INTERRUPT_TABLE + 8, PAGE | 0x41);
        assertThat(bare.interrupt(MSI, 0).decision()).isEqualTo(InterruptDecision.NOT_RECORDED);
        assertThat(bare.events).isEmpty();
    }

    @Test
    void writingTheBaseResetsThePointers() {
        machine.write(0x2040, 8);
        machine.write(0x2048, 16);
        machine.write(0xE0, GA_LOG | 8L << 56);
        assertThat(machine.iommu.register(0x2040) | machine.iommu.register(0x2048))
                .isZero();
    }

    @Test
    void aForcedControlRegisterStartsTheLog() {
        Machine restored = new Machine(IommuOptions.of(Profile.SPEC));
        restored.iommu.forceRegister(0x18, ON);
        assertThat(restored.status() & 1 << 8).isNotZero();
        restored.iommu.forceRegister(0x18, 0);
        assertThat(restored.status()).isZero();
    }
}
