package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.GuestTables.FEATURES;
import static org.iorewind.model.iommu.GuestTables.GCR3;
import static org.iorewind.model.iommu.GuestTables.HOST_OFFSET;
import static org.iorewind.model.iommu.GuestTables.LEVEL_1;
import static org.iorewind.model.iommu.GuestTables.LEVEL_2;
import static org.iorewind.model.iommu.GuestTables.LEVEL_3;
import static org.iorewind.model.iommu.GuestTables.LEVEL_4;
import static org.iorewind.model.iommu.GuestTables.LEVEL_5;
import static org.iorewind.model.iommu.GuestTables.MAPPED;
import static org.iorewind.model.iommu.GuestTables.PAGE;
import static org.iorewind.model.iommu.GuestTables.USER_WRITABLE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.READ_WRITE;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reference 3.3 (03h), 6.3, 9.1, 9.2: cached guest directories, GCR3 results and host translations of guest tables. */
class Section9GuestDirectoryCacheTest {
    private static final long EVERYTHING = 0x7FFF_FFFF_FFFF_F001L;
    private static final long PDE = 2;
    private static final long NEXT = MAPPED + 0x1000;

    private final GuestTables guest = GuestTables.flat(FEATURES);
    private final GuestTables nested = GuestTables.nested();

    private static long read(GuestTables tables, int pasid, long address) {
        return tables.with(pasid, address, AccessKind.READ).result();
    }

    /** A second mapped page; then the first is read, so that the caches know the way. */
    private static void warm(GuestTables tables) {
        tables.write(LEVEL_1, 2, 0x7000 | USER_WRITABLE);
        read(tables, 1, MAPPED);
        tables.machine.walked();
    }

    /** The level-1 table is freed; another stands in its place. */
    private static void replaceTheTable(GuestTables tables) {
        tables.write(LEVEL_2, 3, LEVEL_5 | USER_WRITABLE);
        tables.write(LEVEL_5, 2, 0x8000 | USER_WRITABLE);
    }

    @Test
    void theNextPageOfAGuestTableTakesOneRead() {
        warm(guest);
        assertThat(read(guest, 1, NEXT)).isEqualTo(0x7000);
        assertThat(guest.machine.walked()).containsExactly("hit GUEST_DIRECTORY 1", "PAGE step 1 5010");
    }

    @Test
    void behindAHostItTakesTwo() {
        warm(nested);
        assertThat(read(nested, 1, NEXT)).isEqualTo(0x7000 + HOST_OFFSET);
        assertThat(nested.machine.walked())
                .containsExactly(
                        "hit GUEST_DIRECTORY 1",
                        "hit GUEST_PHYSICAL 0",
                        "PAGE step 1 805010",
                        "hit HOST_DIRECTORY 1",
                        "step 1 302038");
    }

    @Test
    void aGcr3ResultServesTheWholeAddressSpaceOfItsPasid() {
        warm(guest);
        read(guest, 1, 1L << 39);
        assertThat(guest.machine.walked()).containsExactly("hit GUEST_DIRECTORY 6", "PAGE step 4 2008");
        read(guest, 0, MAPPED);
        assertThat(guest.machine.walked()).startsWith("GCR3 step 1 1000");
    }

    @ParameterizedTest
    @CsvSource({"0, 1, true", "2, 1, false", "2, 0, true"})
    void aFreedGuestTableIsWalkedOnUntilAnInvalidationWithPde(long pde, int pasid, boolean isStale) {
        warm(guest);
        replaceTheTable(guest);
        guest.invalidateGuest(pasid, DOMAIN, EVERYTHING | pde);
        assertThat(read(guest, 1, NEXT)).isEqualTo(isStale ? 0x7000 : 0x8000);
    }

    @Test
    void pdeOfARangeDropsTheDirectoriesThatServeItAndTheGcr3Result() {
        warm(guest);
        guest.invalidateGuest(1, DOMAIN, MAPPED + (1L << 30) | PDE);
        guest.machine.walked();
        read(guest, 1, NEXT);
        assertThat(guest.machine.walked()).startsWith("hit GUEST_DIRECTORY 1");
        // The level-3 table serves both addresses and is gone, and so is the root.
        read(guest, 1, MAPPED + (1L << 30));
        assertThat(guest.machine.walked()).startsWith("GCR3 step 1 1008");
    }

    @Test
    void aNewGcr3EntryCountsOnlyAfterAnInvalidationWithPde() {
        warm(guest);
        guest.gcr3(GCR3, 1, 0x9000 | 1);
        guest.write(0x9000, 1, LEVEL_3 | USER_WRITABLE);
        guest.invalidateGuest(1, DOMAIN, EVERYTHING);
        assertThat(read(guest, 1, MAPPED)).isEqualTo(PAGE);
        guest.invalidateGuest(1, DOMAIN, 1L << 47 | PDE);
        assertThat(guest.with(1, MAPPED + (1L << 39), AccessKind.READ).result()).isEqualTo(PAGE);
    }

    @Test
    void rightsOfTheGuestEntriesAboveAreKept() {
        guest.write(LEVEL_3, 0x102, LEVEL_2 | 0x25);
        warm(guest);
        guest.write(LEVEL_3, 0x102, LEVEL_2 | USER_WRITABLE);
        assertThat(guest.with(1, NEXT, AccessKind.WRITE).decision()).isEqualTo(TranslationDecision.NO_PERMISSION);
        guest.invalidateGuest(1, DOMAIN, NEXT | PDE);
        assertThat(guest.with(1, NEXT, AccessKind.WRITE).rights()).isEqualTo(3);
    }

    @Test
    void aWalkThatFaultsCachesNoGuestDirectory() {
        guest.with(1, NEXT, AccessKind.READ);
        guest.machine.walked();
        guest.with(1, MAPPED, AccessKind.READ);
        assertThat(guest.machine.walked()).startsWith("GCR3 step 1 1008");
    }

    @Test
    void theHostTranslationOfAGuestTableIsStaleUntilItsOwnRangeIsInvalidated() {
        warm(nested);
        // The host moves the frame of the guest's level-1 table.
        nested.host(LEVEL_1, 0xA0_0000 | READ_WRITE | 1);
        nested.machine.memory.writeLong(0xA0_0010, 0x8000 | USER_WRITABLE);
        nested.machine.command(3L << 60 | (long) DOMAIN << 32, LEVEL_2);
        assertThat(read(nested, 1, NEXT)).isEqualTo(0x7000 + HOST_OFFSET);
        nested.machine.command(3L << 60 | (long) DOMAIN << 32, LEVEL_1);
        assertThat(read(nested, 1, NEXT)).isEqualTo(0x8000 + HOST_OFFSET);
    }

    @Test
    void aLargeHostPageOfGuestTablesGoesAsAWhole() {
        nested.machine.memory.writeLong(Machine.TABLE_2, 0x80_0000 | READ_WRITE | 1);
        warm(nested);
        // The host moves all 2 MiB to where there is no guest table.
        nested.machine.memory.writeLong(Machine.TABLE_2, 0xA0_0000 | READ_WRITE | 1);
        assertThat(read(nested, 1, NEXT)).isEqualTo(0x7000 + HOST_OFFSET + 0x20_0000);
        nested.machine.command(3L << 60 | (long) DOMAIN << 32, 0x1F_0000 | PDE);
        assertThat(nested.with(1, NEXT, AccessKind.READ).decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
    }

    @Test
    void aHostInvalidationDropsGuestDirectoriesReadThroughTheHost() {
        warm(nested);
        // The host gives the guest's level-2 table another frame, which leads elsewhere.
        nested.host(LEVEL_2, 0xA0_0000 | READ_WRITE | 1);
        nested.machine.memory.writeLong(0xA0_0018, LEVEL_5 | USER_WRITABLE);
        nested.write(LEVEL_5, 2, 0x8000 | USER_WRITABLE);
        assertThat(read(nested, 1, NEXT)).isEqualTo(0x7000 + HOST_OFFSET);
        nested.machine.command(3L << 60 | (long) (DOMAIN + 1) << 32, LEVEL_2);
        nested.machine.command(3L << 60 | (long) DOMAIN << 32, LEVEL_2);
        assertThat(read(nested, 1, NEXT)).isEqualTo(0x8000 + HOST_OFFSET);
    }

    @Test
    void aHostInvalidationLeavesGuestDirectoriesThatHaveNoHostStage() {
        warm(guest);
        guest.machine.command(3L << 60 | (long) DOMAIN << 32, EVERYTHING | PDE);
        guest.machine.walked();
        read(guest, 1, NEXT);
        assertThat(guest.machine.walked()).startsWith("hit GUEST_DIRECTORY 1");
    }

    @Test
    void invalidatingAllDropsThem() {
        warm(nested);
        nested.machine.command(8L << 60, 0);
        nested.machine.walked();
        read(nested, 1, NEXT);
        assertThat(nested.machine.walked()).startsWith("step 4 330000").contains("GCR3 step 1 801008");
    }

    @Test
    void aNestedFrameThatIsNotPresentIsCachedWithNpCacheAndGoesWithTheHostsInvalidation() {
        GuestTables negative = GuestTables.nested(
                GuestTables.options(FEATURES).toBuilder().notPresentCached(true).build());
        negative.host(PAGE, 0);
        assertThat(negative.with(1, MAPPED, AccessKind.READ).decision())
                .isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        negative.host(PAGE, PAGE + HOST_OFFSET | READ_WRITE | 1);
        Machine.Translation cached = negative.with(1, MAPPED, AccessKind.WRITE);
        assertThat(cached.decision()).isEqualTo(TranslationDecision.PAGE_NOT_PRESENT);
        assertThat(cached.hit()).isTrue();
        negative.machine.command(3L << 60 | (long) DOMAIN << 32, PAGE);
        assertThat(read(negative, 1, MAPPED)).isEqualTo(PAGE + HOST_OFFSET);
    }

    @Test
    void theStatisticsTellTheStagesApart() {
        warm(nested);
        CacheStatistics statistics = nested.machine.iommu.statistics();
        assertThat(statistics.guestTlb()).isEqualTo(new CacheCounts(0, 1, 1, 0, 0));
        assertThat(statistics.gcr3Results()).isEqualTo(new CacheCounts(0, 1, 1, 0, 0));
        assertThat(statistics.guestDirectories()).hasSize(4).endsWith(new CacheCounts(0, 0, 0, 0, 0));
        assertThat(statistics.guestPhysical()).isEqualTo(new CacheCounts(0, 5, 5, 0, 0));
        assertThat(statistics.guestTableReads()).isEqualTo(5);
        // Four levels once, then the level-1 directory serves: one read for each of five more addresses.
        assertThat(statistics.nestedTableReads()).isEqualTo(4 + 5);
        assertThat(statistics.hostTableReads()).isZero();
        read(nested, 1, NEXT);
        statistics = nested.machine.iommu.statistics();
        assertThat(statistics.guestDirectories().get(0)).isEqualTo(new CacheCounts(1, 1, 1, 0, 0));
        assertThat(statistics.guestPhysical()).isEqualTo(new CacheCounts(1, 5, 5, 0, 0));
    }

    @Test
    void aRootOfFiveLevelsIsFoundByItsPasidToo() {
        guest.write(LEVEL_5, 0, LEVEL_4 | USER_WRITABLE);
        guest.entry(GuestTables.GV, GCR3, 1);
        guest.gcr3(GCR3, 1, LEVEL_5 | 1);
        warm(guest);
        read(guest, 1, 1L << 48);
        assertThat(guest.machine.walked()).containsExactly("hit GUEST_DIRECTORY 6", "PAGE step 5 7008");
        read(guest, 1, 1L << 39);
        assertThat(guest.machine.walked()).containsExactly("hit GUEST_DIRECTORY 4", "PAGE step 4 2008");
    }
}
