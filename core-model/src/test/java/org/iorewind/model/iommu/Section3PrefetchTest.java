package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.GuestTables.MAPPED;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.PAGE_A;
import static org.iorewind.model.iommu.Machine.PAGE_B;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;
import static org.iorewind.model.iommu.Machine.TABLE_1;

import org.iorewind.model.memory.MemoryStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Reference 3.3 and 3.4, PREFETCH_IOMMU_PAGES. */
class Section3PrefetchTest {
    private static final long PREFETCH = 6L << 60 | DEVICE;
    private static final long INVAL = 1 << 4;

    private final Machine machine = machine(true);

    private static Machine machine(boolean isTaken) {
        Machine machine = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .prefetch(isTaken)
                .deviceEntryCache(0)
                .build());
        for (int page = 1; page < 5; page++) {
            machine.map(page << 12, PAGE_A | READ_WRITE | 1);
        }
        return machine;
    }

    private boolean isCached(Machine asked, long iova) {
        return asked.read(iova).hit();
    }

    @Test
    void theHintIsNotTakenUnlessAskedFor() {
        Machine lazy = machine(false);
        lazy.told.clear();
        lazy.command(PREFETCH, 0x1000 | INVAL);
        assertThat(lazy.told).containsExactly("command 6 at 16");
        assertThat(isCached(lazy, 0x1000)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0, 1", "1, 1", "3, 3"})
    void itFillsTheCacheWithPfCountPages(long count, int cached) {
        machine.command(PREFETCH | count << 24, 0x1000);
        for (int page = 1; page <= 4; page++) {
            assertThat(isCached(machine, page << 12)).as("page " + page).isEqualTo(page <= cached);
        }
    }

    @Test
    void itEndsAtTheFirstPageWithoutATranslationAndReportsNothing() {
        machine.map(0x2000, 0);
        machine.command(PREFETCH | 4L << 24, 0x1000);
        assertThat(isCached(machine, 0x1000)).isTrue();
        assertThat(isCached(machine, 0x3000)).isFalse();
        assertThat(machine.events).isEmpty();
    }

    @Test
    void invalDropsTheRangeFirst() {
        machine.read(0x1000);
        machine.map(0x1000, PAGE_B | READ_WRITE | 1);
        machine.command(PREFETCH, 0x1000);
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_A);
        machine.command(PREFETCH, 0x1000 | INVAL);
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_B);
        assertThat(isCached(machine, 0x1000)).isTrue();
    }

    private static Machine nested() {
        GuestTables guest = GuestTables.flat(GuestTables.FEATURES);
        Machine nested = Machine.started(GuestTables.options(GuestTables.FEATURES | 1).toBuilder()
                .prefetch(true)
                .build());
        nested.write(0x18, Machine.ENABLED | GuestTables.GT_EN);
        long[] entry = new long[3];
        for (int i = 0; i < entry.length; i++) {
            entry[i] = guest.machine.memory.peek(Machine.DEVICE_TABLE + 32L * DEVICE + 8 * i);
        }
        nested.deviceEntry(DEVICE, entry[0], entry[1], entry[2], 0);
        for (long at = 0x1000; at < 0xA000; at += 8) {
            nested.memory.writeLong(at, guest.machine.memory.peek(at));
        }
        return nested;
    }

    private static Machine.Translation readByPasid(Machine nested, int pasid) {
        nested.iommu.dma(DEVICE, pasid, MAPPED, 4, AccessKind.READ);
        return nested.translations.get(nested.translations.size() - 1);
    }

    @Test
    void guestPagesArePrefetchedByPasid() {
        Machine nested = nested();
        nested.command(PREFETCH | 1L << 32, MAPPED | 4 | INVAL);
        assertThat(readByPasid(nested, 1).hit()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void invalDropsTheGuestPagesOfThePasidFirst(int pasid) {
        Machine nested = nested();
        readByPasid(nested, pasid);
        nested.memory.writeLong(GuestTables.LEVEL_1 + 8, PAGE_B | GuestTables.USER_WRITABLE);
        nested.command(PREFETCH | (long) pasid << 32, MAPPED | 4);
        assertThat(readByPasid(nested, pasid).result()).isNotEqualTo(PAGE_B);
        nested.command(PREFETCH | (long) pasid << 32, MAPPED | 4 | INVAL);
        assertThat(readByPasid(nested, pasid).result()).isEqualTo(PAGE_B);
        assertThat(readByPasid(nested, pasid).hit()).isTrue();
    }

    @Test
    void whatInvalDropsIsTold() {
        machine.read(0x1000);
        machine.told.clear();
        machine.command(PREFETCH, 0x1000 | INVAL);
        assertThat(machine.told).contains("dropped domain 5 1000 size 4096 pages 1");
    }

    /** MC-214: a request without a PASID is one of PASID 0 with GIoV. */
    @Test
    void withGiovInvalDropsThePagesOfPasidZero() {
        GuestTables guest = GuestTables.nested(GuestTables.options(GuestTables.FEATURES | 1).toBuilder()
                .prefetch(true)
                .build());
        assertThat(guest.with(EffectSink.NO_PASID, MAPPED, AccessKind.READ).hit())
                .isFalse();
        guest.with(1, MAPPED, AccessKind.READ);
        guest.write(GuestTables.LEVEL_1, 1, 0x9000 | GuestTables.USER_WRITABLE);
        guest.machine.command(PREFETCH, MAPPED | INVAL);
        Machine.Translation renewed = guest.with(EffectSink.NO_PASID, MAPPED, AccessKind.READ);
        assertThat(renewed.hit()).isTrue();
        assertThat(renewed.result()).isEqualTo(0x9000 + GuestTables.HOST_OFFSET);
        assertThat(guest.with(1, MAPPED, AccessKind.READ).result())
                .isEqualTo(GuestTables.PAGE + GuestTables.HOST_OFFSET);
    }

    @Test
    void anUnreadablePageTableIsADataErrorWithoutAnAbort() {
        machine.memory.injectFailure(TABLE_1, 4096, MemoryStatus.ABORT);
        machine.command(PREFETCH, 0x1000);
        assertThat(machine.lastEvent().code()).isEqualTo(4);
        assertThat(machine.lastEvent().flags()).isEqualTo(3 << 9);
        assertThat(machine.lastEvent().q1()).isEqualTo(TABLE_1 + 8);
        assertThat(machine.status() & 1 << 4).isNotZero();
        assertThat(machine.translations).isEmpty();
    }

    @Test
    void anUnreadableDeviceTableIsADataErrorToo() {
        machine.memory.injectFailure(Machine.DEVICE_TABLE, 4096, MemoryStatus.ABORT);
        machine.command(PREFETCH, 0x1000 | INVAL);
        assertThat(machine.lastEvent().code()).isEqualTo(3);
        assertThat(machine.lastEvent().flags()).isEqualTo(3 << 9);
    }

    @Test
    void anIllegalEntryIsReported() {
        machine.deviceEntry(DEVICE, ROOT | 3 << 9 | 3 | 4, 0, 0, 0);
        machine.command(PREFETCH, 0x1000);
        assertThat(machine.lastEvent().code()).isEqualTo(1);
        assertThat(machine.lastEvent().flags()).isEqualTo(0x80);
    }

    @ParameterizedTest
    @CsvSource({"30, FEE00000", "30, FE00000000", "9999, 1000"})
    void devicesAndRangesWithoutTranslationsAreLeftAlone(String device, String address) {
        machine.command(6L << 60 | Long.parseLong(device, 16), Long.parseLong(address, 16) | INVAL);
        assertThat(machine.events).isEmpty();
    }
}
