package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.PAGE_A;
import static org.iorewind.model.iommu.Machine.PAGE_B;
import static org.iorewind.model.iommu.Machine.READ_ONLY;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;
import static org.iorewind.model.iommu.Machine.TABLE_1;
import static org.iorewind.model.iommu.Machine.TABLE_2;

import org.iorewind.model.iommu.cache.CacheGeometry;
import org.iorewind.model.iommu.cache.WalkCacheGeometry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 3.3 (03h, 08h), 9.1, 9.2 and traps 24 and 25: cached directories of host tables. */
class Section9DirectoryCacheTest {
    private static final long OTHER_TABLE = 0x30_3000;
    private static final int OTHER_DEVICE = 0x38;
    private static final long PDE = 2;

    private final Machine machine = Machine.started(Profile.SPEC);

    @BeforeEach
    void mapTwoPages() {
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        machine.map(0x2000, PAGE_A + 0x1000 | READ_WRITE | 1);
        machine.memory.writeLong(OTHER_TABLE + 8, PAGE_B | READ_WRITE | 1);
    }

    private void freeTheTable() {
        machine.memory.writeLong(TABLE_2, OTHER_TABLE | 1 << 9 | READ_WRITE | 1);
    }

    private void invalidate(int domain, long range) {
        machine.command(3L << 60 | (long) domain << 32, range);
    }

    @Test
    void theNextPageOfATableTakesOneRead() {
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_A);
        assertThat(machine.walked()).containsExactly("step 3 300000", "step 2 301000", "step 1 302008");
        assertThat(machine.read(0x2000).result()).isEqualTo(PAGE_A + 0x1000);
        assertThat(machine.walked()).containsExactly("hit HOST_DIRECTORY 1", "step 1 302010");
    }

    @Test
    void anAddressOfTheSameGigabyteBeginsAtLevelTwo() {
        machine.read(0x1000);
        machine.memory.writeLong(TABLE_2 + 8, OTHER_TABLE | 1 << 9 | READ_WRITE | 1);
        machine.walked();
        assertThat(machine.read(0x20_1000).result()).isEqualTo(PAGE_B);
        assertThat(machine.walked()).containsExactly("hit HOST_DIRECTORY 2", "step 2 301008", "step 1 303008");
    }

    @Test
    void aFreedTableIsWalkedOnUntilAnInvalidationWithPde() {
        machine.read(0x1000);
        freeTheTable();
        machine.invalidateDomain(DOMAIN);
        Machine.Translation stale = machine.read(0x1000);
        assertThat(stale.result()).isEqualTo(PAGE_A);
        assertThat(stale.hit()).isFalse();
        machine.invalidateDirectories(DOMAIN);
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_B);
    }

    @ParameterizedTest
    @CsvSource({
        // One page, a large page and everything meet both directories of address 1000h.
        "0x1000, 3",
        "0x1FF000, 3",
        "0x7FFFFFFFFFFFF001, 3",
        // Beyond the 2 MiB of the level-1 table, within the gigabyte of the level-2 table.
        "0x200000, 2",
        "0x3FFFF000, 2",
        // 2 MiB from 2 MiB on.
        "0x2FF001, 2",
        // Beyond both.
        "0x40000000, 1"
    })
    void pdeDropsEveryDirectoryThatServesAnyOfTheRange(String range, int reads) {
        machine.read(0x1000);
        invalidate(DOMAIN, Long.decode(range) | PDE);
        machine.told.clear();
        machine.read(0x2000);
        long steps = machine.walked().stream()
                .filter(line -> line.startsWith("step"))
                .count();
        // Without the level-2 directory the level-1 one still serves: only ranges in the table drop it.
        assertThat(steps).isEqualTo(reads == 2 ? 1 : reads);
        machine.invalidateDomain(DOMAIN);
        machine.walked();
        machine.read(0x60_0000);
        assertThat(machine.walked().get(0)).isEqualTo(reads == 2 ? "step 3 300000" : "hit HOST_DIRECTORY 2");
    }

    @Test
    void anotherDomainsInvalidationLeavesThem() {
        machine.read(0x1000);
        freeTheTable();
        machine.invalidateDirectories(DOMAIN + 1);
        assertThat(machine.read(0x2000).result()).isEqualTo(PAGE_A + 0x1000);
    }

    @Test
    void aGuestInvalidationLeavesThem() {
        machine.read(0x1000);
        freeTheTable();
        invalidate(DOMAIN, 0x7FFF_FFFF_FFFF_F003L | 4);
        assertThat(machine.read(0x2000).result()).isEqualTo(PAGE_A + 0x1000);
    }

    @Test
    void invalidateAllAndResetDropThem() {
        machine.read(0x1000);
        freeTheTable();
        machine.command(8L << 60, 0);
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_B);
        assertThat(machine.iommu.statistics().hostDirectories().get(0).invalidated())
                .isEqualTo(1);
        machine.iommu.reset();
        assertThat(machine.iommu.statistics().hostDirectories().get(0).invalidated())
                .isEqualTo(2);
    }

    @Test
    void rightsOfTheEntriesAboveAreKept() {
        machine.memory.writeLong(TABLE_2, TABLE_1 | 1 << 9 | READ_ONLY | 1);
        assertThat(machine.read(0x1000).rights()).isEqualTo(1);
        machine.memory.writeLong(TABLE_2, TABLE_1 | 1 << 9 | READ_WRITE | 1);
        machine.walked();
        assertThat(machine.written(0x2000).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(machine.walked()).containsExactly("hit HOST_DIRECTORY 1");
        assertThat(machine.read(0x2000).rights()).isEqualTo(1);
        machine.invalidateDirectories(DOMAIN);
        assertThat(machine.written(0x2000).rights()).isEqualTo(3);
    }

    @Test
    void theRightsOfADeviceTableEntryAreNotKept() {
        machine.deviceEntry(OTHER_DEVICE, ROOT | 3 << 9 | READ_ONLY | 3, DOMAIN, 0, 0);
        machine.dma(OTHER_DEVICE, 0x1000, AccessKind.READ);
        assertThat(machine.written(0x2000).rights()).isEqualTo(3);
    }

    @Test
    void aDirectoryBelowSkippedLevelsServesOnlyAddressesWithZerosThere() {
        machine.memory.writeLong(ROOT, TABLE_1 | 1 << 9 | READ_WRITE | 1);
        machine.read(0x1000);
        machine.walked();
        machine.read(0x2000);
        assertThat(machine.walked()).containsExactly("hit HOST_DIRECTORY 1", "step 1 302010");
        assertThat(machine.read(0x20_2000).decision()).isEqualTo(TranslationDecision.BAD_TABLE_ENTRY);
    }

    @Test
    void devicesOfOneDomainUseEachOthersDirectoriesWhateverTheirRoots() {
        machine.memory.writeLong(0x30_4000, OTHER_TABLE | 1 << 9 | READ_WRITE | 1);
        machine.memory.writeLong(OTHER_TABLE + 16, PAGE_B | READ_WRITE | 1);
        machine.deviceEntry(OTHER_DEVICE, 0x30_4000 | 2 << 9 | READ_WRITE | 3, DOMAIN, 0, 0);
        machine.read(0x1000);
        assertThat(machine.dma(OTHER_DEVICE, 0x2000, AccessKind.READ).result()).isEqualTo(PAGE_A + 0x1000);
        machine.deviceEntry(OTHER_DEVICE, 0x30_4000 | 2 << 9 | READ_WRITE | 3, DOMAIN + 1, 0, 0);
        machine.command(2L << 60 | OTHER_DEVICE, 0);
        assertThat(machine.dma(OTHER_DEVICE, 0x2000, AccessKind.READ).result()).isEqualTo(PAGE_B);
    }

    @Test
    void directoriesNotBelowModeAreNotAsked() {
        machine.deviceEntry(OTHER_DEVICE, OTHER_TABLE | 1 << 9 | READ_WRITE | 3, DOMAIN, 0, 0);
        machine.memory.writeLong(OTHER_TABLE + 16, PAGE_B | READ_WRITE | 1);
        machine.read(0x1000);
        assertThat(machine.dma(OTHER_DEVICE, 0x2000, AccessKind.READ).result()).isEqualTo(PAGE_B);
    }

    @Test
    void aWalkThatFaultsCachesNoDirectory() {
        machine.read(0x3000);
        machine.walked();
        machine.read(0x1000);
        assertThat(machine.walked()).startsWith("step 3 300000");
    }

    @Test
    void aFaultBelowACachedDirectoryStands() {
        machine.read(0x1000);
        machine.memory.writeLong(OTHER_TABLE + 24, PAGE_B | READ_WRITE | 1);
        freeTheTable();
        machine.walked();
        assertThat(machine.read(0x3000).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        assertThat(machine.walked()).containsExactly("hit HOST_DIRECTORY 1", "step 1 302018");
    }

    @Test
    void theWidthOfModeStillCounts() {
        machine.read(0x1000);
        assertThat(machine.read(1L << 39 | 0x2000).decision()).isEqualTo(TranslationDecision.ADDRESS_TOO_WIDE);
    }

    @Test
    void accessedOfACachedDirectoryIsNotSetAgain() {
        long features = GuestTables.FEATURES | 1L << 49;
        Machine marking = Machine.started(GuestTables.options(features));
        marking.deviceEntry(DEVICE, ROOT | 3 << 9 | READ_WRITE | 1L << 7 | 3, DOMAIN, 0, 0);
        marking.map(0x1000, PAGE_A | READ_WRITE | 1);
        marking.map(0x2000, PAGE_A | READ_WRITE | 1);
        marking.read(0x1000);
        assertThat(marking.memory.peek(TABLE_2) & 0x20).isEqualTo(0x20);
        marking.memory.writeLong(TABLE_2, TABLE_1 | 1 << 9 | READ_WRITE | 1);
        marking.walked();
        marking.read(0x2000);
        assertThat(marking.walked()).containsExactly("hit HOST_DIRECTORY 1", "step 1 302010", "marked 302010 20");
        assertThat(marking.memory.peek(TABLE_2) & 0x20).isZero();
    }

    @Test
    void aCacheOfOneEntryKeepsTheLastTable() {
        Machine small = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .walkCaches(new WalkCacheGeometry(new CacheGeometry(1, 1), CacheGeometry.OFF, CacheGeometry.OFF))
                .build());
        small.map(0x1000, PAGE_A | READ_WRITE | 1);
        small.read(0x1000);
        CacheStatistics statistics = small.iommu.statistics();
        assertThat(statistics.hostDirectories().get(1)).isEqualTo(new CacheCounts(0, 1, 1, 1, 0));
        assertThat(statistics.hostDirectories().get(0)).isEqualTo(new CacheCounts(0, 1, 1, 0, 0));
        small.read(0x2000);
        assertThat(small.iommu.statistics().hostDirectories().get(0)).isEqualTo(new CacheCounts(1, 1, 1, 0, 0));
    }

    @Test
    void withoutACacheEveryWalkBeginsAtTheRoot() {
        Machine plain = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .walkCaches(WalkCacheGeometry.OFF)
                .build());
        plain.map(0x1000, PAGE_A | READ_WRITE | 1);
        plain.read(0x1000);
        plain.walked();
        plain.read(0x2000);
        assertThat(plain.walked()).hasSize(3);
        assertThat(plain.iommu.statistics().hostDirectories()).containsOnly(new CacheCounts(0, 0, 0, 0, 0));
        assertThat(plain.iommu.statistics().hostTableReads()).isEqualTo(6);
    }

    @Test
    void theStatisticsTellCachesAndLevelsApartAndAreNoPartOfTheState() {
        machine.read(0x1000);
        machine.read(0x1000);
        machine.read(0x2000);
        CacheStatistics statistics = machine.iommu.statistics();
        assertThat(statistics.hostTlb()).isEqualTo(new CacheCounts(1, 2, 2, 0, 0));
        assertThat(statistics.guestTlb()).isEqualTo(new CacheCounts(0, 0, 0, 0, 0));
        assertThat(statistics.hostDirectories().get(0)).isEqualTo(new CacheCounts(1, 1, 1, 0, 0));
        assertThat(statistics.hostDirectories().get(1)).isEqualTo(new CacheCounts(0, 1, 1, 0, 0));
        assertThat(statistics.deviceEntries()).isEqualTo(new CacheCounts(2, 1, 1, 0, 0));
        assertThat(statistics.hostTableReads()).isEqualTo(4);
        assertThat(statistics.nestedTableReads()).isZero();
        long hash = machine.hash();
        machine.read(0x2000);
        assertThat(machine.iommu.statistics()).isNotEqualTo(statistics);
        assertThat(machine.hash()).isEqualTo(hash);
    }

    @ParameterizedTest
    @CsvSource({"false, TRANSLATED, false", "true, PAGE_NOT_PRESENT, true"})
    void anEntryMadePresentNeedsAnInvalidationOnlyWithNpCache(
            boolean caches, TranslationDecision decision, boolean hit) {
        Machine negative = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .notPresentCached(caches)
                .build());
        assertThat(negative.read(0x3000).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        negative.map(0x3000, PAGE_A | READ_WRITE | 1);
        Machine.Translation second = negative.read(0x3000);
        assertThat(second.decision()).isEqualTo(decision);
        assertThat(second.hit()).isEqualTo(hit);
        assertThat(negative.lastEvent().flags() & 0x10).isZero();
        negative.command(3L << 60 | (long) DOMAIN << 32, 0x4000);
        assertThat(negative.read(0x3000).decision()).isEqualTo(decision);
        negative.command(3L << 60 | (long) DOMAIN << 32, 0x3000);
        assertThat(negative.read(0x3000).decision()).isEqualTo(TranslationDecision.TRANSLATED);
    }

    @Test
    void aFrameHeldNotPresentIsRefusedSoWhateverRightTheTablesAboveItDeny() {
        Machine negative = Machine.started(
                IommuOptions.of(Profile.SPEC).toBuilder().notPresentCached(true).build());
        negative.memory.writeLong(TABLE_2, TABLE_1 | READ_ONLY | 1 << 9 | 1);
        assertThat(negative.written(0x3000).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        assertThat(negative.read(0x3000).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        Machine.Translation write = negative.written(0x3000);
        assertThat(write.decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        assertThat(write.hit()).isTrue();
    }

    @Test
    void npCacheKeepsNoRefusedRights() {
        Machine negative = Machine.started(
                IommuOptions.of(Profile.SPEC).toBuilder().notPresentCached(true).build());
        negative.map(0x3000, PAGE_A | READ_ONLY | 1);
        assertThat(negative.written(0x3000).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        negative.map(0x3000, PAGE_A | READ_WRITE | 1);
        assertThat(negative.written(0x3000).decision()).isEqualTo(TranslationDecision.TRANSLATED);
    }
}
