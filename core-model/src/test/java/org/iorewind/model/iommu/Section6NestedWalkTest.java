package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.GuestTables.GCR3;
import static org.iorewind.model.iommu.GuestTables.GIOV;
import static org.iorewind.model.iommu.GuestTables.GV;
import static org.iorewind.model.iommu.GuestTables.HOST_OFFSET;
import static org.iorewind.model.iommu.GuestTables.LEVEL_1;
import static org.iorewind.model.iommu.GuestTables.LEVEL_2;
import static org.iorewind.model.iommu.GuestTables.LEVEL_4;
import static org.iorewind.model.iommu.GuestTables.MAPPED;
import static org.iorewind.model.iommu.GuestTables.PAGE;
import static org.iorewind.model.iommu.GuestTables.USER_WRITABLE;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.READ_ONLY;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.TABLE_1;
import static org.iorewind.model.iommu.Machine.TABLE_2;
import static org.iorewind.model.iommu.Machine.WRITE_ONLY;

import org.iorewind.model.iommu.cache.WalkCacheGeometry;
import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Reference 6.3: guest tables behind host tables. */
class Section6NestedWalkTest {
    private static final int GN_US = 0x005;

    private final GuestTables guest = GuestTables.nested(GuestTables.options(GuestTables.FEATURES).toBuilder()
            .walkCaches(WalkCacheGeometry.OFF)
            .build());
    private final Machine machine = guest.machine;

    private static Machine.Translation page(long result, int shift, int rights) {
        return new Machine.Translation(TranslationDecision.TRANSLATED, DOMAIN, result, shift, rights, false);
    }

    private void expectFault(AccessKind access, TranslationDecision decision, int flags) {
        assertThat(guest.with(1, MAPPED, access).decision()).isEqualTo(decision);
        assertThat(machine.lastEvent().q0()).isEqualTo(2L << 60 | (long) flags << 48 | 1L << 32 | DEVICE);
        assertThat(machine.lastEvent().q1()).isEqualTo(MAPPED);
    }

    private long steps(String kind) {
        return machine.told.stream().filter(line -> line.startsWith(kind)).count();
    }

    @Test
    void fourGuestAndFourHostLevelsTakeTwentyFourHostReads() {
        assertThat(guest.with(1, MAPPED, AccessKind.READ)).isEqualTo(page(PAGE + HOST_OFFSET, 12, 3));
        assertThat(steps("step ")).isEqualTo((1 + 4) * 4 + 4);
        assertThat(steps("GCR3 step")).isEqualTo(1);
        assertThat(steps("PAGE step")).isEqualTo(4);
        assertThat(machine.told).hasSize(1 + 24 + 5).contains("GCR3 step 1 801008", "PAGE step 1 805008");
    }

    @Test
    void withoutGcr3TrpModeTheRootIsASystemPhysicalAddress() {
        machine.write(0x18, Machine.ENABLED | GuestTables.GT_EN);
        guest.entry(GV | GuestTables.hostBits(), GCR3 + HOST_OFFSET, 0);
        assertThat(guest.with(1, MAPPED, AccessKind.READ)).isEqualTo(page(PAGE + HOST_OFFSET, 12, 3));
        assertThat(steps("step ")).isEqualTo(4 * 4 + 4);
        assertThat(machine.told).contains("GCR3 step 1 801008");
    }

    @Test
    void gcr3TrpModeCountsOnlyWhereEfr2HasIt() {
        Machine plain = Machine.started(GuestTables.options(GuestTables.FEATURES).toBuilder()
                .extendedFeatures2(0)
                .build());
        plain.write(0x18, Machine.ENABLED | GuestTables.GT_EN | GuestTables.GCR3_TRP_MODE);
        plain.deviceEntry(DEVICE, GV | GIOV | Machine.ROOT | 3 << 9 | READ_WRITE | 3 | 1L << 58, DOMAIN, 0, 0);
        plain.read(0);
        assertThat(plain.told).contains("GCR3 step 1 1000");
    }

    @Test
    void withoutGiovARequestWithoutPasidMeetsTheHostTablesAlone() {
        guest.entry(GV | GuestTables.hostBits(), GCR3, 0);
        assertThat(guest.with(EffectSink.NO_PASID, 0x3000, AccessKind.READ)).isEqualTo(page(0x80_3000, 12, 3));
        assertThat(machine.told).hasSize(5);
    }

    @Test
    void theSmallerPageOfBothStagesCounts() {
        guest.write(LEVEL_2, 3, 0x20_0000 | 0x80 | USER_WRITABLE);
        machine.memory.writeLong(TABLE_2 + 8, 0x34_0000 | 1 << 9 | READ_WRITE | 1);
        machine.memory.writeLong(0x34_0000 + 8, 0x90_0000 | READ_WRITE | 1);
        assertThat(guest.with(1, MAPPED, AccessKind.READ)).isEqualTo(page(0x90_0000, 12, 3));
        machine.command(8L << 60, 0);
        machine.memory.writeLong(TABLE_2 + 8, 0xA0_0000 | READ_WRITE | 1);
        assertThat(guest.with(1, MAPPED, AccessKind.READ)).isEqualTo(page(0xA0_0000, 21, 3));
        machine.command(8L << 60, 0);
        guest.write(LEVEL_2, 3, LEVEL_1 | USER_WRITABLE);
        guest.write(LEVEL_1, 1, 0x20_7000 | USER_WRITABLE);
        assertThat(guest.with(1, MAPPED, AccessKind.READ)).isEqualTo(page(0xA0_7000, 12, 3));
    }

    @Test
    void bothStagesMustPermitTheAccess() {
        guest.host(PAGE, PAGE + HOST_OFFSET | READ_ONLY | 1);
        assertThat(guest.with(1, MAPPED, AccessKind.READ)).isEqualTo(page(PAGE + HOST_OFFSET, 12, 1));
        machine.command(8L << 60, 0);
        expectFault(AccessKind.WRITE, TranslationDecision.NO_PERMISSION, 0x070 | GN_US);
        guest.host(PAGE, PAGE + HOST_OFFSET | WRITE_ONLY | 1);
        expectFault(AccessKind.READ, TranslationDecision.NO_PERMISSION, 0x050 | GN_US);
        assertThat(guest.with(1, MAPPED, AccessKind.WRITE)).isEqualTo(page(PAGE + HOST_OFFSET, 12, 2));
        machine.command(8L << 60, 0);
        guest.write(LEVEL_1, 1, PAGE | 5);
        expectFault(AccessKind.WRITE, TranslationDecision.NO_PERMISSION, 0x070 | GN_US);
    }

    @Test
    void guestTablesAreReadWithTheHostsRightToRead() {
        guest.host(LEVEL_4, LEVEL_4 + HOST_OFFSET | READ_ONLY | 1);
        assertThat(guest.with(1, MAPPED, AccessKind.WRITE)).isEqualTo(page(PAGE + HOST_OFFSET, 12, 3));
        machine.command(8L << 60, 0);
        guest.host(LEVEL_4, LEVEL_4 + HOST_OFFSET | WRITE_ONLY | 1);
        expectFault(AccessKind.WRITE, TranslationDecision.NO_PERMISSION, 0x070 | GN_US);
    }

    @Test
    void irOfTheDeviceEntryIsNotForTheIommusOwnReads() {
        guest.entry(GV | GuestTables.hostBits(), GCR3, 0, WRITE_ONLY);
        assertThat(guest.with(1, MAPPED, AccessKind.WRITE)).isEqualTo(page(PAGE + HOST_OFFSET, 12, 2));
    }

    @ParameterizedTest
    @ValueSource(longs = {GCR3, LEVEL_4, LEVEL_2, LEVEL_1, PAGE})
    void aHostFaultAtAnyAccessIsReportedWithTheGuestVirtualAddress(long gpa) {
        guest.host(gpa, 0);
        expectFault(AccessKind.WRITE, TranslationDecision.PAGE_NOT_PRESENT, 0x020 | GN_US);
        guest.host(gpa, gpa + HOST_OFFSET | 1L << 52 | READ_WRITE | 1);
        expectFault(AccessKind.READ, TranslationDecision.BAD_TABLE_ENTRY, 0x090 | GN_US);
    }

    @Test
    void aGuestPhysicalAddressWiderThanModeFaults() {
        guest.write(LEVEL_1, 1, 1L << 48 | USER_WRITABLE);
        expectFault(AccessKind.READ, TranslationDecision.ADDRESS_TOO_WIDE, GN_US);
    }

    @Test
    void anUnreadableHostEntryIsAHardwareErrorWithItsAddress() {
        machine.memory.injectFailure(TABLE_1, 0x1000, MemoryStatus.ABORT);
        assertThat(guest.with(1, MAPPED, AccessKind.READ).decision()).isEqualTo(TranslationDecision.HARDWARE_ERROR);
        assertThat(machine.lastEvent().q0()).isEqualTo(4L << 60 | 0x201L << 48 | 1L << 32 | DEVICE);
        assertThat(machine.lastEvent().q1()).isEqualTo(TABLE_1 + 8);
    }

    @Test
    void aReservedModeIsIllegalBeforeTheGuestIsAsked() {
        guest.entry(GV | 7 << 9, GCR3, 0);
        assertThat(guest.with(1, MAPPED, AccessKind.READ).decision()).isEqualTo(TranslationDecision.BAD_DEVICE_ENTRY);
        assertThat(machine.lastEvent().q0()).isEqualTo(1L << 60 | 1L << 48 | 1L << 32 | DEVICE);
        assertThat(machine.told).doesNotContain("GCR3 step 1 801008");
    }
}
