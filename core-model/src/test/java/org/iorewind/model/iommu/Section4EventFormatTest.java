package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.EffectSink.NO_PASID;
import static org.iorewind.model.iommu.GuestTables.GCR3_TOP;
import static org.iorewind.model.iommu.GuestTables.GV;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DEVICE_TABLE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.INTERRUPT_TABLE;
import static org.iorewind.model.iommu.Machine.LOG;
import static org.iorewind.model.iommu.Machine.READ_ONLY;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;

import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The entries of reference 4.3, what keeps them out of the log (4.4), and the log's sizes and restart (4.5). */
class Section4EventFormatTest {
    private static final long MSI = 0xFEE0_1000L;
    private static final long VALID = ROOT | 3 << 9 | READ_WRITE | 3;
    private static final long THREE_GCR3_LEVELS = 2L << 56;
    private static final long REMAP = INTERRUPT_TABLE | 1 | 4 << 1 | 2L << 60;
    private static final long SE = 1L << 33;
    private static final long SA = 1L << 34;
    private static final long IG = 1L << 5;
    /** PASID 9_8765h: its upper four bits stand at 19:16, the others at 47:32. */
    private static final int PASID = 0x9_8765;

    private static final long PASID_FIELDS = 0x8765L << 32 | 0x9_0000;
    private static final long ADDRESS = 0x40_8060_1237L;

    private final GuestTables guest = GuestTables.flat(GuestTables.FEATURES);
    private final Machine machine = guest.machine;

    private void expectEvent(long q0, long q1) {
        assertThat(machine.lastEvent().q0()).isEqualTo(q0 | DEVICE);
        assertThat(machine.lastEvent().q1()).isEqualTo(q1);
        int offset = machine.lastEvent().offset();
        assertThat(machine.memory.peek(LOG + offset)).isEqualTo(q0 | DEVICE);
        assertThat(machine.memory.peek(LOG + offset + 8)).isEqualTo(q1);
    }

    @Test
    void illegalDevTableEntryHoldsThePasidAndTheAddressWithoutItsTwoLowBits() {
        guest.entry(GV | 4, GCR3_TOP, 0);
        guest.with(PASID, ADDRESS, AccessKind.WRITE);
        expectEvent(1L << 60 | 0x0A1L << 48 | PASID_FIELDS, ADDRESS & ~3);
        guest.with(NO_PASID, ADDRESS, AccessKind.READ);
        expectEvent(1L << 60 | 0x080L << 48, ADDRESS & ~3);
    }

    @Test
    void ioPageFaultHoldsDomainOrPasidAndTheWholeAddress() {
        guest.entry(GV | THREE_GCR3_LEVELS, GCR3_TOP, 0);
        guest.with(PASID, ADDRESS, AccessKind.READ);
        expectEvent(2L << 60 | 0x005L << 48 | PASID_FIELDS, ADDRESS);
        machine.deviceEntry(DEVICE, VALID, 0xBEEF, 0, 0);
        guest.with(NO_PASID, 0x1237, AccessKind.WRITE);
        expectEvent(2L << 60 | 0x020L << 48 | 0xBEEFL << 32, 0x1237);
        machine.deviceEntry(DEVICE, 0, 0xBEEF, REMAP, 0);
        machine.interrupt(MSI, 3);
        expectEvent(2L << 60 | 0x008L << 48 | 0xBEEFL << 32, MSI);
    }

    @Test
    void devTabHardwareErrorHoldsNoPasid() {
        long entry = DEVICE_TABLE + 32L * DEVICE;
        machine.memory.injectFailure(entry, 32, MemoryStatus.ABORT);
        guest.with(PASID, ADDRESS, AccessKind.WRITE);
        expectEvent(3L << 60 | 0x220L << 48, entry);
        machine.memory.injectFailure(entry, 32, MemoryStatus.POISON);
        machine.interrupt(MSI, 3);
        expectEvent(3L << 60 | 0x608L << 48, entry);
    }

    @Test
    void pageTabHardwareErrorHoldsDomainOrPasidAndTheTableEntry() {
        guest.entry(GV | THREE_GCR3_LEVELS, GCR3_TOP, 0);
        long gcr3Entry = GCR3_TOP + (PASID >>> 18) * 8;
        machine.memory.injectFailure(gcr3Entry, 8, MemoryStatus.POISON);
        guest.with(PASID, ADDRESS, AccessKind.READ);
        expectEvent(4L << 60 | 0x601L << 48 | PASID_FIELDS, gcr3Entry);
        machine.deviceEntry(DEVICE, VALID, 0xBEEF, 0, 0);
        machine.memory.injectFailure(ROOT, 8, MemoryStatus.ABORT);
        guest.with(NO_PASID, 0x1237, AccessKind.WRITE);
        expectEvent(4L << 60 | 0x220L << 48 | 0xBEEFL << 32, ROOT);
        machine.deviceEntry(DEVICE, 0, 0xBEEF, REMAP, 0);
        machine.memory.injectFailure(INTERRUPT_TABLE + 8, 8, MemoryStatus.POISON);
        machine.interrupt(MSI, 3);
        expectEvent(4L << 60 | 0x608L << 48 | 0xBEEFL << 32, INTERRUPT_TABLE + 8);
    }

    @ParameterizedTest
    @CsvSource({
        // what keeps quiet, what happens, whether it is logged
        "SA, memory fault, false",
        "SE, memory fault, true",
        "IG, memory fault, true",
        "SA, interrupt fault, true",
        "SE, interrupt fault, true",
        "IG, interrupt fault, false",
        "SupIOPF, interrupt fault, false",
        "all, illegal entry, true",
        "all, illegal interrupt control, true",
        "all, unreadable page table, true",
        "all, unreadable interrupt table, true",
    })
    void suppressionIsForPageFaultsOfItsOwnKind(String bit, String happening, boolean isLogged) {
        boolean isAll = bit.equals("all");
        long q1 = DOMAIN | (isAll || bit.equals("SA") ? SA : 0) | (isAll || bit.equals("SE") ? SE : 0);
        long q2 = REMAP | (isAll || bit.equals("IG") ? IG : 0);
        machine.memory.writeLong(INTERRUPT_TABLE + 8, bit.equals("SupIOPF") ? 2L << 32 : 0);
        machine.deviceEntry(DEVICE, VALID, q1, q2, 0);
        switch (happening) {
            case "memory fault" -> machine.read(0x1000);
            case "interrupt fault" -> machine.interrupt(MSI, 3);
            case "illegal entry" -> {
                machine.deviceEntry(DEVICE, VALID | 4, q1, q2, 0);
                machine.read(0x1000);
            }
            case "illegal interrupt control" -> {
                machine.deviceEntry(DEVICE, VALID, q1, q2 | 3L << 60, 0);
                machine.interrupt(MSI, 3);
            }
            case "unreadable page table" -> {
                machine.memory.injectFailure(ROOT, 8, MemoryStatus.ABORT);
                machine.read(0x1000);
            }
            default -> {
                machine.memory.injectFailure(INTERRUPT_TABLE, 64, MemoryStatus.ABORT);
                machine.interrupt(MSI, 3);
            }
        }
        assertThat(machine.events).hasSize(1);
        assertThat(machine.lastEvent().written()).isEqualTo(isLogged);
        assertThat(machine.iommu.register(0x2018)).isEqualTo(isLogged ? 0x10 : 0);
    }

    @ParameterizedTest
    @ValueSource(ints = {8, 9, 10, 11, 12, 13, 14, 15})
    void aLogHasTwoToThePowerOfItsLengthCodeEntries(int code) {
        int last = (1 << code) * 16 - 16;
        machine.write(0x0010, LOG | (long) code << 56);
        machine.iommu.forceRegister(0x2010, 0x10);
        machine.iommu.forceRegister(0x2018, last);
        machine.deviceEntry(DEVICE, VALID, DOMAIN, 0, 0);
        machine.read(0x7000);
        assertThat(machine.memory.peek(LOG + last + 8)).isEqualTo(0x7000);
        assertThat(machine.iommu.register(0x2018)).isZero();
        machine.read(0x7000);
        assertThat(machine.lastEvent().written()).isFalse();
        assertThat(machine.status() & 9).isEqualTo(1);
    }

    @Test
    void afterAnOverflowRequestsAreAbortedWithoutARecordUntilTheLogIsEnabledAnew() {
        machine.deviceEntry(DEVICE, VALID, DOMAIN, 0, 0);
        machine.map(0x1000, READ_ONLY | 1);
        machine.iommu.forceRegister(0x2010, 0x10);
        assertThat(machine.written(0x1000).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(machine.status() & 9).isEqualTo(1);
        machine.write(0x2010, 0);
        machine.write(0x2020, 1);
        assertThat(machine.status() & 9).isZero();
        assertThat(machine.written(0x1000).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(machine.lastEvent().written()).isFalse();
        machine.write(0x18, Machine.ENABLED);
        assertThat(machine.status() & 9).isZero();
        machine.write(0x18, Machine.ENABLED & ~4);
        machine.write(0x18, Machine.ENABLED);
        machine.written(0x1000);
        assertThat(machine.lastEvent().written()).isTrue();
        assertThat(machine.lastEvent().offset()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1, 4})
    void theLogNeedsIommuEnAndEventLogEn(long control) {
        machine.write(0x18, control);
        assertThat(machine.status() & 8).isZero();
        machine.write(0x18, 5);
        assertThat(machine.status() & 8).isNotZero();
    }

    @Test
    void reportsToNobodyAreNeverWritten() {
        EventReports nobody = EventReports.NONE;
        nobody.illegalCommand(0, 0);
        nobody.commandHardwareError(MemoryStatus.ABORT, 0);
        nobody.invalidPageRequest(0, 0);
        assertThat(nobody.pageFault(DEVICE, DOMAIN, 0, 0x1000, false)).isFalse();
    }
}
