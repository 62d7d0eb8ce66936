package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.GuestTables.FEATURES;
import static org.iorewind.model.iommu.GuestTables.GCR3;
import static org.iorewind.model.iommu.GuestTables.GCR3_TOP;
import static org.iorewind.model.iommu.GuestTables.GCR3_UPPER;
import static org.iorewind.model.iommu.GuestTables.GIOV;
import static org.iorewind.model.iommu.GuestTables.GV;
import static org.iorewind.model.iommu.GuestTables.LEVEL_1;
import static org.iorewind.model.iommu.GuestTables.LEVEL_2;
import static org.iorewind.model.iommu.GuestTables.LEVEL_3;
import static org.iorewind.model.iommu.GuestTables.LEVEL_4;
import static org.iorewind.model.iommu.GuestTables.LEVEL_5;
import static org.iorewind.model.iommu.GuestTables.MAPPED;
import static org.iorewind.model.iommu.GuestTables.PAGE;
import static org.iorewind.model.iommu.GuestTables.USER_WRITABLE;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;

import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 2.2, 2.4, 4.3, 4.4, 6.2: GCR3 tables and v2 tables with Mode=0. */
class Section6GuestWalkTest {
    private static final int NO_PASID = EffectSink.NO_PASID;
    private static final int US = 0x004;
    private static final int GN = 0x001;

    private final GuestTables guest = GuestTables.flat(FEATURES);
    private final Machine machine = guest.machine;

    private static Machine.Translation page(long result, int shift, int rights) {
        return new Machine.Translation(TranslationDecision.TRANSLATED, DOMAIN, result, shift, rights, false);
    }

    private void expectFault(Machine.Translation actual, TranslationDecision decision, int flags, int pasid) {
        assertThat(actual.decision()).isEqualTo(decision);
        assertThat(actual.result()).isZero();
        Machine.Logged event = machine.lastEvent();
        assertThat(event.code()).isEqualTo(2);
        assertThat(event.flags()).isEqualTo(flags);
        assertThat(event.pasid()).isEqualTo(pasid);
        assertThat(event.device()).isEqualTo(DEVICE);
    }

    @Test
    void theThreePiecesOfTheGcr3PointerAreJoined() {
        long pointer = 0x000F_EDCB_A987_6000L;
        long q0 = (pointer >>> 12 & 7) << 58;
        long q1 = (pointer >>> 15 & 0xFFFF) << 16 | pointer >>> 31 << 43;
        assertThat(DeviceEntryDescriptor.gcr3Root(q0, q1)).isEqualTo(pointer);
        assertThat(DeviceEntryDescriptor.gcr3Root(~(7L << 58), ~0xFFFF_F800_FFFF_0000L))
                .isZero();
    }

    @Test
    void aPasidLeadsThroughGcr3AndFourLevels() {
        assertThat(guest.with(1, MAPPED + 0xABC, AccessKind.WRITE)).isEqualTo(page(PAGE, 12, 3));
        assertThat(machine.told)
                .containsExactly(
                        "entry of 48 from memory",
                        "GCR3 step 1 1008",
                        "PAGE step 4 2000",
                        "PAGE step 3 3810",
                        "PAGE step 2 4018",
                        "PAGE step 1 5008",
                        "marked 5008 40");
    }

    @Test
    void giovSendsRequestsWithoutPasidToPasidZero() {
        guest.gcr3(GCR3, 1, 0);
        assertThat(guest.with(NO_PASID, MAPPED, AccessKind.READ)).isEqualTo(page(PAGE, 12, 3));
        expectFault(guest.with(NO_PASID, 0, AccessKind.READ), TranslationDecision.PAGE_NOT_PRESENT, GN | US, 0);
        guest.entry(GV, GCR3, 0);
        assertThat(guest.with(NO_PASID, MAPPED, AccessKind.READ).decision()).isEqualTo(TranslationDecision.PASSED);
    }

    @ParameterizedTest
    @CsvSource({"0, 0x1ff", "1, 0x3ffff", "2, 0xfffff"})
    void gcr3TablesHaveOneToThreeLevels(int glx, String last) {
        int pasid = Integer.decode(last);
        long root = glx == 0 ? GCR3 : glx == 1 ? GCR3_UPPER : GCR3_TOP;
        guest.entry(GV | (long) glx << 56, root, 0);
        guest.gcr3(GCR3_TOP, 3, GCR3_UPPER | 1);
        guest.gcr3(GCR3_UPPER, 0x1FF, GCR3 | 1);
        guest.gcr3(GCR3, 0x1FF, LEVEL_4 | 1);
        assertThat(guest.with(pasid, MAPPED, AccessKind.READ)).isEqualTo(page(PAGE, 12, 3));
        expectFault(
                guest.with(pasid + 1, MAPPED, AccessKind.READ),
                TranslationDecision.ABORTED,
                GN | US,
                pasid + 1 & 0xF_FFFF);
    }

    @Test
    void aPasidBeyondPasmaxIsOutOfRange() {
        GuestTables narrow = GuestTables.flat(FEATURES & ~(31L << 32) | 3L << 32);
        narrow.gcr3(GCR3, 15, LEVEL_4 | 1);
        assertThat(narrow.with(15, MAPPED, AccessKind.READ)).isEqualTo(page(PAGE, 12, 3));
        assertThat(narrow.with(16, MAPPED, AccessKind.READ).decision()).isEqualTo(TranslationDecision.ABORTED);
        assertThat(narrow.machine.lastEvent().flags()).isEqualTo(GN | US);
        assertThat(guest.with(-2, MAPPED, AccessKind.READ).decision()).isEqualTo(TranslationDecision.ABORTED);
    }

    @Test
    void aGcr3EntryThatIsNotValidFaultsForItsPasidOnly() {
        expectFault(guest.with(2, MAPPED, AccessKind.WRITE), TranslationDecision.PAGE_NOT_PRESENT, 0x020 | GN | US, 2);
        assertThat(machine.lastEvent().q1()).isEqualTo(MAPPED);
        assertThat(guest.with(1, MAPPED, AccessKind.READ).decision()).isEqualTo(TranslationDecision.TRANSLATED);
    }

    @ParameterizedTest
    @CsvSource({"1", "11", "52", "63"})
    void aReservedBitOfAGcr3EntryIsReportedWithRz(int bit) {
        guest.gcr3(GCR3, 1, LEVEL_4 | 1L << bit | 1);
        expectFault(guest.with(1, MAPPED, AccessKind.READ), TranslationDecision.BAD_TABLE_ENTRY, 0x090 | GN | US, 1);
    }

    @Test
    void fiveLevelsNeedGuestPagingModeAndGats() {
        guest.entry(GV | GIOV, GCR3, 1);
        guest.gcr3(GCR3, 1, LEVEL_5 | 1);
        guest.write(LEVEL_5, 5, LEVEL_4 | USER_WRITABLE);
        long address = 5L << 48 | MAPPED;
        assertThat(guest.with(1, address, AccessKind.READ)).isEqualTo(page(PAGE, 12, 3));
        guest.entry(GV | GIOV, GCR3, 0);
        expectFault(guest.with(1, address, AccessKind.READ), TranslationDecision.ADDRESS_TOO_WIDE, GN | US, 1);
        GuestTables four = GuestTables.flat(FEATURES & ~(3L << 12));
        four.entry(GV, GCR3, 1);
        assertThat(four.with(1, MAPPED, AccessKind.READ).decision()).isEqualTo(TranslationDecision.BAD_DEVICE_ENTRY);
        assertThat(four.machine.lastEvent().q0()).isEqualTo(1L << 60 | (long) GN << 48 | 1L << 32 | DEVICE);
    }

    @ParameterizedTest
    @CsvSource({"2, 0", "3, 0", "0, 3"})
    void reservedGuestEncodingsMakeTheDeviceEntryIllegal(int guestPagingMode, int glx) {
        guest.entry(GV | (long) glx << 56, GCR3, guestPagingMode);
        assertThat(guest.with(NO_PASID, MAPPED, AccessKind.READ).decision())
                .isEqualTo(TranslationDecision.BAD_DEVICE_ENTRY);
        assertThat(machine.lastEvent().q0()).isEqualTo(1L << 60 | DEVICE);
        guest.entry((long) glx << 56, GCR3, guestPagingMode);
        assertThat(guest.with(NO_PASID, MAPPED, AccessKind.READ).decision()).isEqualTo(TranslationDecision.PASSED);
    }

    @Test
    void glxBeyondGlxsupIsIllegal() {
        GuestTables one = GuestTables.flat(FEATURES & ~(3L << 14));
        one.entry(GV | 1L << 56, GCR3, 0);
        assertThat(one.with(1, MAPPED, AccessKind.READ).decision()).isEqualTo(TranslationDecision.BAD_DEVICE_ENTRY);
    }

    @Test
    void largePagesEndTheWalkAtLevelsTwoAndThree() {
        guest.write(LEVEL_2, 3, 0x80_0000 | 0x1080 | USER_WRITABLE);
        assertThat(guest.with(1, MAPPED, AccessKind.READ)).isEqualTo(page(0x80_0000, 21, 3));
        guest.write(LEVEL_3, 0x103, 0xC000_0000L | 0x80 | USER_WRITABLE);
        assertThat(guest.with(1, MAPPED + (1L << 30), AccessKind.READ)).isEqualTo(page(0xC000_0000L, 30, 3));
    }

    @ParameterizedTest
    @CsvSource({"2, 13", "2, 20", "3, 13", "3, 29"})
    void addressBitsBelowALargePageAreReserved(int level, int bit) {
        long table = level == 2 ? LEVEL_2 : LEVEL_3;
        guest.write(table, level == 2 ? 3 : 0x102, 1L << bit | 0x80 | USER_WRITABLE);
        expectFault(guest.with(1, MAPPED, AccessKind.READ), TranslationDecision.BAD_TABLE_ENTRY, 0x090 | GN | US, 1);
    }

    @Test
    void thePageSizeBitIsReservedAboveLevelThreeAndIgnoredAtLevelOne() {
        guest.write(LEVEL_1, 1, PAGE | 0x7FFL << 52 | 0xF98 | USER_WRITABLE);
        assertThat(guest.with(1, MAPPED, AccessKind.READ)).isEqualTo(page(PAGE, 12, 3));
        machine.command(8L << 60, 0);
        guest.write(LEVEL_4, 0, LEVEL_3 | 0x80 | USER_WRITABLE);
        expectFault(guest.with(1, MAPPED, AccessKind.READ), TranslationDecision.BAD_TABLE_ENTRY, 0x090 | GN | US, 1);
    }

    @Test
    void anEntryThatIsNotPresentFaultsAtEachLevel() {
        long[][] places = {{LEVEL_1, 1}, {LEVEL_2, 3}, {LEVEL_3, 0x102}, {LEVEL_4, 0}};
        for (long[] place : places) {
            guest.write(place[0], (int) place[1], -2L);
            expectFault(guest.with(1, MAPPED, AccessKind.READ), TranslationDecision.PAGE_NOT_PRESENT, GN | US, 1);
        }
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4"})
    void writingNeedsTheRightAtEveryLevelAndReadingPresenceOnly(int level) {
        forbid(level, 2);
        assertThat(guest.with(1, MAPPED, AccessKind.READ)).isEqualTo(page(PAGE, 12, 1));
        machine.command(8L << 60, 0);
        expectFault(guest.with(1, MAPPED, AccessKind.WRITE), TranslationDecision.NO_PERMISSION, 0x070 | GN | US, 1);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4"})
    void userRequestsNeedUserEntriesAtEveryLevel(int level) {
        forbid(level, 4);
        expectFault(guest.with(1, MAPPED, AccessKind.READ), TranslationDecision.NO_PERMISSION, 0x050 | GN | US, 1);
        assertThat(guest.with(1, MAPPED, AccessKind.READ, false, true)).isEqualTo(page(PAGE, 12, 3));
        assertThat(guest.with(NO_PASID, MAPPED, AccessKind.READ, false, true).decision())
                .isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(guest.with(1, MAPPED, AccessKind.UNKNOWN).decision()).isEqualTo(TranslationDecision.TRANSLATED);
    }

    @Test
    void withoutUssupEveryRequestIsAUsers() {
        GuestTables plain = GuestTables.flat(FEATURES & ~(1L << 37));
        plain.write(LEVEL_1, 1, PAGE | 3);
        assertThat(plain.with(1, MAPPED, AccessKind.READ, false, true).decision())
                .isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(plain.machine.lastEvent().flags()).isEqualTo(0x050 | GN | US);
    }

    @Test
    void anEventOfASupervisorRequestHasNoUs() {
        expectFault(guest.with(2, MAPPED, AccessKind.READ, false, true), TranslationDecision.PAGE_NOT_PRESENT, GN, 2);
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3", "4"})
    void executingNeedsEveryLevelToAllowIt(int level) {
        assertThat(guest.with(1, MAPPED, AccessKind.READ, true, false)).isEqualTo(page(PAGE, 12, 3));
        machine.command(8L << 60, 0);
        forbid(level, -(1L << 63));
        expectFault(
                guest.with(1, MAPPED, AccessKind.READ, true, false),
                TranslationDecision.NO_PERMISSION,
                0x052 | GN | US,
                1);
        assertThat(guest.with(1, MAPPED, AccessKind.READ)).isEqualTo(page(PAGE, 12, 3));
    }

    @Test
    void bitSixtyThreeIsReservedWithoutNxsup() {
        GuestTables plain = GuestTables.flat(FEATURES & ~(1L << 3));
        plain.write(LEVEL_2, 3, LEVEL_1 | 1L << 63 | USER_WRITABLE);
        assertThat(plain.with(1, MAPPED, AccessKind.READ).decision()).isEqualTo(TranslationDecision.BAD_TABLE_ENTRY);
        assertThat(plain.machine.lastEvent().flags()).isEqualTo(0x090 | GN | US);
    }

    @Test
    void theRightsOfTheDeviceEntryCount() {
        guest.entry(GV, GCR3, 0, Machine.READ_ONLY);
        assertThat(guest.with(1, MAPPED, AccessKind.READ)).isEqualTo(page(PAGE, 12, 1));
        expectFault(guest.with(1, MAPPED, AccessKind.WRITE), TranslationDecision.NO_PERMISSION, 0x070 | GN | US, 1);
        machine.command(8L << 60, 0);
        guest.entry(GV, GCR3, 0, Machine.WRITE_ONLY);
        assertThat(guest.with(1, MAPPED, AccessKind.WRITE)).isEqualTo(page(PAGE, 12, 2));
    }

    @Test
    void addressesOfPasidsAreCanonicalAndThoseOfPasidZeroZeroExtended() {
        long high = -1L << 47;
        guest.write(LEVEL_4, 256, LEVEL_3 | USER_WRITABLE);
        assertThat(guest.with(1, high | MAPPED, AccessKind.READ)).isEqualTo(page(PAGE, 12, 3));
        expectFault(
                guest.with(1, 1L << 47 | MAPPED, AccessKind.READ), TranslationDecision.ADDRESS_TOO_WIDE, GN | US, 1);
        assertThat(guest.with(NO_PASID, 1L << 47 | MAPPED, AccessKind.READ)).isEqualTo(page(PAGE, 12, 3));
        expectFault(
                guest.with(NO_PASID, high | MAPPED, AccessKind.READ), TranslationDecision.ADDRESS_TOO_WIDE, GN | US, 0);
    }

    @Test
    void aPasidWithoutGuestTranslationFaults() {
        guest.entry(0, 0, 0);
        expectFault(guest.with(0x5_4321, MAPPED, AccessKind.READ), TranslationDecision.ABORTED, GN | US, 0x5_4321);
        assertThat(machine.lastEvent().q1()).isEqualTo(MAPPED);
        guest.entry(GV | GIOV, GCR3, 0);
        machine.write(0x18, Machine.ENABLED);
        expectFault(guest.with(1, MAPPED, AccessKind.READ), TranslationDecision.ABORTED, GN | US, 1);
        assertThat(guest.with(NO_PASID, MAPPED, AccessKind.READ).decision()).isEqualTo(TranslationDecision.PASSED);
    }

    @Test
    void withoutGtsupTheGuestFieldsAreReserved() {
        GuestTables none = GuestTables.flat(FEATURES & ~(1L << 4));
        assertThat(none.with(1, MAPPED, AccessKind.READ).decision()).isEqualTo(TranslationDecision.BAD_DEVICE_ENTRY);
        assertThat(none.machine.lastEvent().flags()).isEqualTo(0x080 | GN);
        assertThat(none.machine.lastEvent().pasid()).isEqualTo(1);
    }

    @Test
    void earlyFaultsOfARequestWithPasidShowIt() {
        machine.deviceEntry(DEVICE, 1, DOMAIN, 0, 0);
        expectFault(guest.with(0xA_BCDE, 0, AccessKind.READ), TranslationDecision.TRANSLATION_OFF, GN | US, 0xA_BCDE);
        machine.deviceEntry(DEVICE, 3, DOMAIN, 0, 0);
        expectFault(guest.with(1, 0, AccessKind.READ, true, false), TranslationDecision.NO_PERMISSION, 0x057, 1);
    }

    @Test
    void theExclusionRangeIsNotForGuestAddresses() {
        machine.write(0x28, MAPPED);
        machine.write(0x20, MAPPED | 3);
        assertThat(guest.with(1, MAPPED, AccessKind.READ)).isEqualTo(page(PAGE, 12, 3));
        guest.entry(GV, GCR3, 0);
        assertThat(guest.with(NO_PASID, MAPPED, AccessKind.READ).decision()).isEqualTo(TranslationDecision.PASSED);
    }

    @Test
    void anUnreadableGuestEntryIsAHardwareErrorWithThePasid() {
        machine.memory.injectFailure(LEVEL_2, 0x1000, MemoryStatus.POISON);
        assertThat(guest.with(1, MAPPED, AccessKind.WRITE).decision()).isEqualTo(TranslationDecision.HARDWARE_ERROR);
        assertThat(machine.lastEvent().q0()).isEqualTo(4L << 60 | 0x621L << 48 | 1L << 32 | DEVICE);
        assertThat(machine.lastEvent().q1()).isEqualTo(LEVEL_2 + 3 * 8);
        assertThat(machine.told).contains("failure GUEST_TABLE 4018 POISON");
    }

    @Test
    void aGuestEntryThatIsNotRecordedLeavesTheRequestUndecided() {
        GuestTables partly = GuestTables.recordedOnly();
        assertThat(partly.with(1, MAPPED, AccessKind.READ)).isEqualTo(page(PAGE, 12, 3));
        partly.machine.command(8L << 60, 0);
        assertThat(partly.with(2, MAPPED, AccessKind.READ).decision()).isEqualTo(TranslationDecision.NOT_RECORDED);
        assertThat(partly.machine.told).contains("failure GUEST_TABLE 1010 NOT_RECORDED");
        assertThat(partly.machine.events).isEmpty();
    }

    @Test
    void aProbeExplainsTheGuestsTables() {
        Probe probe = machine.iommu.probe(DEVICE, 1, MAPPED, AccessKind.UNKNOWN);
        assertThat(probe.decision()).isEqualTo(TranslationDecision.TRANSLATED);
        assertThat(probe.steps())
                .extracting(ProbeStep::meaning)
                .containsExactly(
                        "holds the guest table root 0x2000",
                        "points to a level-3 guest table at 0x3000, rights rwx, user",
                        "points to a level-2 guest table at 0x4000, rights rwx, user",
                        "points to a level-1 guest table at 0x5000, rights rwx, user",
                        "maps the guest page at 0x6000, rights rwx, user");
        assertThat(machine.iommu.probe(DEVICE, 2, MAPPED, AccessKind.UNKNOWN).steps())
                .extracting(ProbeStep::meaning)
                .containsExactly("no valid GCR3 entry");
        assertThat(machine.iommu.probe(DEVICE, MAPPED).result()).isEqualTo(PAGE);
    }

    @Test
    void qemuHasNoGuestTranslation() {
        Machine qemu = Machine.started(Profile.QEMU_10_0);
        assertThat(qemu.iommu.dma(DEVICE, 1, MAPPED, 4, AccessKind.READ)).isEqualTo(TranslationDecision.NOT_MODELLED);
        assertThat(qemu.told).contains("not modelled GUEST_TRANSLATION");
    }

    /** Takes a bit out of (or, when negative, puts the top bit into) the entry of a level. */
    private void forbid(int level, long bit) {
        long[] tables = {0, LEVEL_1, LEVEL_2, LEVEL_3, LEVEL_4};
        long[] targets = {0, PAGE, LEVEL_1, LEVEL_2, LEVEL_3};
        int[] indices = {0, 1, 3, 0x102, 0};
        long entry = targets[level] | (bit < 0 ? USER_WRITABLE | bit : USER_WRITABLE & ~bit);
        guest.write(tables[level], indices[level], entry);
    }

    @Test
    void aProbeNamesEachKindOfGuestEntry() {
        guest.entry(GV | 1L << 56, GCR3_UPPER, 0);
        guest.gcr3(GCR3_UPPER, 0, GCR3 | 1);
        guest.write(LEVEL_1, 1, PAGE | 1 | 1L << 63);
        guest.write(LEVEL_1, 2, PAGE | 5);
        Probe readOnly = machine.iommu.probe(DEVICE, 1, MAPPED, AccessKind.UNKNOWN);
        assertThat(readOnly.steps())
                .extracting(ProbeStep::meaning)
                .startsWith("points to a level-1 GCR3 table at 0x1000", "holds the guest table root 0x2000")
                .endsWith("maps the guest page at 0x6000, rights r, supervisor");
        assertThat(machine.iommu
                        .probe(DEVICE, 1, MAPPED + 0x1000, AccessKind.READ)
                        .steps())
                .last()
                .extracting(ProbeStep::meaning)
                .isEqualTo("maps the guest page at 0x6000, rights rx, user");
        assertThat(machine.iommu.probe(DEVICE, 2, MAPPED, AccessKind.READ).steps())
                .last()
                .extracting(ProbeStep::meaning)
                .isEqualTo("no valid GCR3 entry");
        assertThat(machine.iommu.probe(DEVICE, 1, 0, AccessKind.READ).steps())
                .last()
                .extracting(ProbeStep::meaning)
                .isEqualTo("guest entry is not present");
    }
}
