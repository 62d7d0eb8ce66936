package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.PAGE_A;
import static org.iorewind.model.iommu.Machine.READ_ONLY;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;
import static org.iorewind.model.iommu.Machine.TABLE_1;
import static org.iorewind.model.iommu.Machine.TABLE_2;
import static org.iorewind.model.iommu.Machine.WRITE_ONLY;

import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 6.1 and the table of causes in 4.4. */
class Section6WalkTest {
    private final Machine machine = Machine.started(Profile.SPEC);

    private static Machine.Translation page(long result, int shift, int rights) {
        return new Machine.Translation(TranslationDecision.TRANSLATED, DOMAIN, result, shift, rights, false);
    }

    private void expectFault(Machine.Translation translation, TranslationDecision decision, int flags) {
        assertThat(translation.decision()).isEqualTo(decision);
        assertThat(translation.result()).isZero();
        assertThat(machine.lastEvent().q0()).isEqualTo(2L << 60 | (long) flags << 48 | (long) DOMAIN << 32 | DEVICE);
    }

    @Test
    void threeLevelsLeadToAPageOfFourKilobytes() {
        machine.map(0x1F_F000, PAGE_A | READ_WRITE | 1);
        assertThat(machine.read(0x1F_FABC)).isEqualTo(page(PAGE_A, 12, 3));
        assertThat(machine.told)
                .containsExactly("entry of 48 from memory", "step 3 300000", "step 2 301000", "step 1 302ff8");
    }

    @Test
    void anEntryThatIsNotPresentFaultsAtEachLevel() {
        expectFault(machine.read(0x1000), TranslationDecision.PAGE_NOT_PRESENT, 0);
        assertThat(machine.lastEvent().q1()).isEqualTo(0x1000);
        expectFault(machine.written(0x20_0000), TranslationDecision.PAGE_NOT_PRESENT, 0x020);
        expectFault(machine.read(0x4000_0000), TranslationDecision.PAGE_NOT_PRESENT, 0);
        machine.map(0x1000, PAGE_A | READ_WRITE);
        expectFault(machine.read(0x1000), TranslationDecision.PAGE_NOT_PRESENT, 0);
    }

    @ParameterizedTest
    @CsvSource({"1, 21", "2, 30", "3, 39", "4, 48", "5, 57"})
    void anAddressWiderThanModeFaults(int mode, int width) {
        machine.deviceEntry(DEVICE, ROOT | (long) mode << 9 | READ_WRITE | 3, DOMAIN, 0, 0);
        machine.command(2L << 60 | DEVICE, 0);
        expectFault(machine.read(1L << width), TranslationDecision.ADDRESS_TOO_WIDE, 0);
        expectFault(machine.written(-1L), TranslationDecision.ADDRESS_TOO_WIDE, 0x020);
    }

    @Test
    void sixLevelsTakeEveryAddress() {
        machine.deviceEntry(DEVICE, ROOT | 6 << 9 | READ_WRITE | 3, DOMAIN, 0, 0);
        machine.command(2L << 60 | DEVICE, 0);
        machine.memory.writeLong(ROOT + 127 * 8, TABLE_2 | 5L << 9 | READ_WRITE | 1);
        machine.memory.writeLong(TABLE_2 + 511 * 8, PAGE_A | READ_WRITE | 1);
        assertThat(machine.read(-1L)).isEqualTo(page(0, 48, 3));
    }

    @Test
    void rightsAccumulateOverAllLevels() {
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        machine.memory.writeLong(TABLE_2, TABLE_1 | 1 << 9 | READ_ONLY | 1);
        assertThat(machine.read(0x1000)).isEqualTo(page(PAGE_A, 12, 1));
        machine.invalidateDomain(DOMAIN);
        expectFault(machine.written(0x1000), TranslationDecision.NO_PERMISSION, 0x070);
        machine.map(0x1000, PAGE_A | WRITE_ONLY | 1);
        expectFault(machine.read(0x1000), TranslationDecision.NO_PERMISSION, 0x050);
        assertThat(machine.dma(DEVICE, 0x1000, AccessKind.UNKNOWN)).isEqualTo(page(PAGE_A, 12, 0));
    }

    @Test
    void theRightsOfTheDeviceEntryCount() {
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        machine.deviceEntry(DEVICE, ROOT | 3 << 9 | READ_ONLY | 3, DOMAIN, 0, 0);
        machine.command(2L << 60 | DEVICE, 0);
        assertThat(machine.read(0x1000)).isEqualTo(page(PAGE_A, 12, 1));
        expectFault(machine.written(0x1000), TranslationDecision.NO_PERMISSION, 0x070);
    }

    @Test
    void theFirstLevelThatForbidsIsReportedBeforeALowerDefect() {
        machine.memory.writeLong(TABLE_2, TABLE_1 | 1 << 9 | READ_ONLY | 1);
        expectFault(machine.written(0x1000), TranslationDecision.NO_PERMISSION, 0x070);
    }

    @ParameterizedTest
    @CsvSource({"52", "57", "58"})
    void aReservedBitOfAPageIsReportedWithRz(int bit) {
        machine.map(0x1000, PAGE_A | 1L << bit | READ_WRITE | 1);
        expectFault(machine.read(0x1000), TranslationDecision.BAD_TABLE_ENTRY, 0x090);
    }

    @Test
    void attributeBitsAreReservedInDirectoriesOnly() {
        machine.map(0x1000, PAGE_A | 3L << 59 | 1L << 63 | READ_WRITE | 0x1E | 0x1E0 | 1);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TranslationDecision.TRANSLATED);
        machine.memory.writeLong(TABLE_2, TABLE_1 | 1L << 60 | 1 << 9 | READ_WRITE | 1);
        machine.invalidateDirectories(DOMAIN);
        expectFault(machine.read(0x1000), TranslationDecision.BAD_TABLE_ENTRY, 0x090);
    }

    @Test
    void defaultPageSizesFollowTheLevel() {
        machine.memory.writeLong(TABLE_2 + 8, 0x80_0000 | READ_WRITE | 1);
        assertThat(machine.read(0x2A_BCDE)).isEqualTo(page(0x80_0000, 21, 3));
        machine.memory.writeLong(ROOT + 8, 0x8000_0000L | READ_WRITE | 1);
        assertThat(machine.read(0x7FFF_FFFFL)).isEqualTo(page(0x8000_0000L, 30, 3));
    }

    @ParameterizedTest
    @CsvSource({"0x000, 13", "0x1000, 14", "0x7000, 16", "0x7f000, 20"})
    void levelSevenEncodesTheSizeInTheAddress(String low, int shift) {
        long entry = 0x80_0000 | Long.decode(low) | 7 << 9 | READ_WRITE | 1;
        machine.map(0x1000, entry);
        assertThat(machine.read(0x1000)).isEqualTo(page(0x80_0000, shift, 3));
    }

    @Test
    void aSizeOutsideOfItsLevelIsRefused() {
        machine.map(0x1000, 0xF_F000 | 7 << 9 | READ_WRITE | 1);
        expectFault(machine.read(0x1000), TranslationDecision.BAD_TABLE_ENTRY, 0x010);
        machine.map(0x1000, 0x000F_FFFF_FFFF_F000L | 7 << 9 | READ_WRITE | 1);
        expectFault(machine.read(0x1000), TranslationDecision.BAD_TABLE_ENTRY, 0x010);
        machine.memory.writeLong(TABLE_2 + 8, 0x7_F000 | 7 << 9 | READ_WRITE | 1);
        expectFault(machine.read(0x20_0000), TranslationDecision.BAD_TABLE_ENTRY, 0x010);
        machine.memory.writeLong(TABLE_2 + 8, 0x80_0000 | 0x1F_F000 | 7 << 9 | READ_WRITE | 1);
        assertThat(machine.read(0x20_0000)).isEqualTo(page(0x80_0000, 22, 3));
    }

    @Test
    void theTopLevelHoldsNoPages() {
        machine.deviceEntry(DEVICE, ROOT | 6 << 9 | READ_WRITE | 3, DOMAIN, 0, 0);
        machine.command(2L << 60 | DEVICE, 0);
        machine.memory.writeLong(ROOT, PAGE_A | READ_WRITE | 1);
        expectFault(machine.read(0x1000), TranslationDecision.BAD_TABLE_ENTRY, 0x010);
    }

    @Test
    void nextLevelMustFall() {
        machine.memory.writeLong(TABLE_2, TABLE_1 | 2 << 9 | READ_WRITE | 1);
        expectFault(machine.read(0x1000), TranslationDecision.BAD_TABLE_ENTRY, 0x010);
        machine.memory.writeLong(TABLE_2, TABLE_1 | 1 << 9 | READ_WRITE | 1);
        machine.map(0x1000, PAGE_A | 1 << 9 | READ_WRITE | 1);
        expectFault(machine.read(0x1000), TranslationDecision.BAD_TABLE_ENTRY, 0x010);
    }

    @Test
    void skippedLevelsNeedZeroAddressBits() {
        machine.memory.writeLong(ROOT, TABLE_1 | 1 << 9 | READ_WRITE | 1);
        machine.map(0x1F_F000, PAGE_A | READ_WRITE | 1);
        assertThat(machine.read(0x1F_F000)).isEqualTo(page(PAGE_A, 12, 3));
        expectFault(machine.read(0x3F_F000), TranslationDecision.BAD_TABLE_ENTRY, 0x010);
        expectFault(machine.read(0x2000_0000), TranslationDecision.BAD_TABLE_ENTRY, 0x010);
    }

    @Test
    void anUnreadableTableEntryIsAHardwareError() {
        machine.memory.injectFailure(TABLE_2, 8, MemoryStatus.ABORT);
        assertThat(machine.written(0x1000).decision()).isEqualTo(TranslationDecision.HARDWARE_ERROR);
        assertThat(machine.lastEvent().q0()).isEqualTo(4L << 60 | 0x220L << 48 | (long) DOMAIN << 32 | DEVICE);
        assertThat(machine.lastEvent().q1()).isEqualTo(TABLE_2);
        assertThat(machine.told).contains("failure PAGE_TABLE 301000 ABORT");
    }

    @Test
    void aProbeExplainsAndLeavesNoTrace() {
        machine.map(0x1000, PAGE_A | READ_ONLY | 1);
        long before = machine.hash();
        Probe probe = machine.iommu.probe(DEVICE, 0x1234);
        assertThat(probe.decision()).isEqualTo(TranslationDecision.TRANSLATED);
        assertThat(probe.result()).isEqualTo(PAGE_A);
        assertThat(probe.pageShift()).isEqualTo(12);
        assertThat(probe.rights()).isEqualTo(1);
        assertThat(probe.domain()).isEqualTo(DOMAIN);
        assertThat(probe.deviceEntryAddress()).isEqualTo(Machine.DEVICE_TABLE + 32 * DEVICE);
        assertThat(probe.deviceEntry()).containsExactly(ROOT | 3 << 9 | READ_WRITE | 3, DOMAIN, 0, 0);
        assertThat(probe.steps())
                .extracting(ProbeStep::meaning)
                .containsExactly(
                        "points to a level-2 table at 0x301000, rights rw",
                        "points to a level-1 table at 0x302000, rights rw",
                        "maps the page at 0x400000, rights r");
        assertThat(machine.hash()).isEqualTo(before);
        assertThat(machine.told).isEmpty();
        assertThat(machine.translations).isEmpty();
    }

    @Test
    void aProbeSeesTablesNotCachesAndNamesTheDefect() {
        machine.map(0x1000, PAGE_A | WRITE_ONLY | 1);
        machine.written(0x1000);
        machine.map(0x1000, 0);
        Probe probe = machine.iommu.probe(DEVICE, 0x1000);
        assertThat(probe.decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        assertThat(probe.reason()).isEqualTo("a table entry is not present");
        assertThat(probe.steps().get(2).meaning()).isEqualTo("not present");
        assertThat(machine.events).isEmpty();
        machine.map(0x1000, 0x80_0000 | 7 << 9 | WRITE_ONLY | 1);
        assertThat(machine.iommu.probe(DEVICE, 0x1000).steps().get(2).meaning())
                .isEqualTo("maps the page of 2^13 bytes at 0x800000, rights w");
        machine.map(0x1000, 0x000F_FFFF_FFFF_F000L | 7 << 9 | 1);
        assertThat(machine.iommu.probe(DEVICE, 0x1000).steps().get(2).meaning())
                .isEqualTo("maps a page of impossible size, rights none");
        machine.write(0x18, 0);
        Probe off = machine.iommu.probe(DEVICE, 0x1000);
        assertThat(off.decision()).isEqualTo(TranslationDecision.PASSED);
        assertThat(off.deviceEntry()).isEmpty();
        assertThat(off.domain()).isEqualTo(-1);
    }

    @Test
    void aProbeThatMeetsUnreadableOrIllegalTablesReportsNothing() {
        machine.memory.injectFailure(TABLE_2, 8, MemoryStatus.POISON);
        Probe unreadable = machine.iommu.probe(DEVICE, 0x1000);
        assertThat(unreadable.decision()).isEqualTo(TranslationDecision.HARDWARE_ERROR);
        assertThat(unreadable.stoppedAt()).isEqualTo(TABLE_2);
        machine.deviceEntry(DEVICE, ROOT | 7 << 9 | READ_WRITE | 3, DOMAIN, 0, 0);
        assertThat(machine.iommu.probe(DEVICE, 0x1000).decision()).isEqualTo(TranslationDecision.BAD_DEVICE_ENTRY);
        machine.memory.injectFailure(Machine.DEVICE_TABLE, 0x2000, MemoryStatus.ABORT);
        assertThat(machine.iommu.probe(DEVICE, 0x1000).decision()).isEqualTo(TranslationDecision.HARDWARE_ERROR);
        assertThat(machine.events).isEmpty();
    }
}
