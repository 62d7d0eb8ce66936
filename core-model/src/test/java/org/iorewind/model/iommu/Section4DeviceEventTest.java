package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.LOG;
import static org.iorewind.model.iommu.log.EventDescriptor.FLAG_GN;
import static org.iorewind.model.iommu.log.EventDescriptor.FLAG_TR;
import static org.iorewind.model.iommu.log.EventDescriptor.FLAG_US;

import org.iorewind.model.iommu.log.EventLog;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.log.InvalidRequestDescriptor;
import org.iorewind.model.iommu.log.OwnMessages;
import org.iorewind.model.iommu.log.RmpEventDescriptor;
import org.iorewind.model.iommu.log.Signals;
import org.iorewind.model.iommu.register.CapabilityBlock;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.model.memory.SparseMemory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 4.3: layouts of the events 7, 8, Ah, Dh and Eh. */
class Section4DeviceEventTest {
    private static final int REQUESTER = 0x1234;

    private final RegisterFile registers = new RegisterFile();
    private final SparseMemory memory = SparseMemory.zeroFilled();
    private final EventLog log = log(IommuOptions.of(Profile.SPEC));

    private EventLog log(IommuOptions options) {
        registers.set(0x10, LOG | 8L << 56);
        registers.set(0x2020, 1 << 3);
        OwnMessages messages = new OwnMessages(registers, new CapabilityBlock(registers, options), options);
        return new EventLog(
                registers, options, memory, EffectSink.NONE, new Signals(registers, EffectSink.NONE, messages));
    }

    private void expect(long dword1, long dword0, long quadword1) {
        assertThat(memory.peek(LOG)).isEqualTo(dword1 << 32 | dword0);
        assertThat(memory.peek(LOG + 8)).isEqualTo(quadword1);
        assertThat(registers.get(0x2018)).isEqualTo(0x10);
    }

    @Test
    void aTimeoutNamesTheDeviceAndTheCommand() {
        log.deviceTimeout(REQUESTER, 0x000F_1234_5678_9ABFL);
        expect(7L << 28, REQUESTER, 0x000F_1234_5678_9AB0L);
    }

    @Test
    void anInvalidRequestHasItsTypeAboveTheFlags() {
        log.invalidDeviceRequest(REQUESTER, 0, 0, InvalidRequestDescriptor.INTERRUPT_WRITE, 0xFD_F800_0020L);
        expect(8L << 28 | 0xA00L << 16, REQUESTER, 0xFD_F800_0020L);
    }

    @Test
    void anInvalidRequestWithAPasidHasItInTwoPieces() {
        int type = InvalidRequestDescriptor.TRANSLATION_DEVICE;
        log.invalidDeviceRequest(REQUESTER, 0xA_BCDE, FLAG_GN | FLAG_US | FLAG_TR, type, -1);
        expect(8L << 28 | 2L << 25 | 1L << 24 | 1L << 18 | 1L << 16 | 0xBCDE, 0xA_0000 | REQUESTER, -1);
    }

    @ParameterizedTest
    @CsvSource({"0, 0x000", "1, 0x200", "2, 0x400", "3, 0x600", "4, 0x800", "5, 0xA00", "6, 0xC00", "7, 0xE00"})
    void everyTypeHasThreeBits(int type, String flags) {
        assertThat(InvalidRequestDescriptor.typeFlags(type)).isEqualTo(Integer.decode(flags));
    }

    @Test
    void aCounterThatWrapsExchangesTheHalvesOfItsNote() {
        log.counterZero(0xF_1234_5678_9ABCL);
        expect(0xAL << 28, 0, 0x5678_9ABCL << 32 | 0xF_1234);
    }

    @Test
    void rmpEventsComeByInjection() {
        log.force(RmpEventDescriptor.pageFault(REQUESTER, 0xAB, 0xCDEF, 0x3FF), 0x1234_5678_9ABCL);
        expect(0xDL << 28 | 0x3FF << 16 | 0xCDEF, 0xAB << 16 | REQUESTER, 0x1234_5678_9ABCL);
        long address = RmpEventDescriptor.hardwareErrorAddress(0x1234_5678_9ABFL);
        log.force(RmpEventDescriptor.hardwareError(REQUESTER, 0xCDEF, 0x201), address);
        assertThat(memory.peek(LOG + 0x10)).isEqualTo(0xE201_CDEFL << 32 | REQUESTER);
        assertThat(memory.peek(LOG + 0x18)).isEqualTo(0x1234_5678_9AB8L);
    }

    @Test
    void qemuWithoutALogWritesNone() {
        EventLog silent = log(IommuOptions.of(Profile.QEMU_10_0));
        silent.deviceTimeout(REQUESTER, 0x1000);
        silent.invalidDeviceRequest(REQUESTER, 0, 0, 0, 0);
        silent.counterZero(1);
        assertThat(registers.get(0x2018)).isZero();
    }

    @Test
    void reportsThatNobodyWantsLeaveNoTrace() {
        EventReports.NONE.deviceTimeout(REQUESTER, 0);
        EventReports.NONE.invalidDeviceRequest(REQUESTER, 0, 0, 0, 0);
        EventReports.NONE.counterZero(0);
        EventReports.NONE.illegalGuestCommand(1, 0, 0);
        EventReports.NONE.guestEventFault(1, 0, 0);
        EventReports.NONE.virtualHardwareError(1, 0, 0, MemoryStatus.OK, 0);
        assertThat(registers.get(0x2018)).isZero();
    }
}
