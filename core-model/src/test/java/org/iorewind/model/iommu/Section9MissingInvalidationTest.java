package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.GuestTables.GCR3;
import static org.iorewind.model.iommu.GuestTables.LEVEL_1;
import static org.iorewind.model.iommu.GuestTables.MAPPED;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DEVICE_TABLE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.INTERRUPT_TABLE;
import static org.iorewind.model.iommu.Machine.PAGE_A;
import static org.iorewind.model.iommu.Machine.PAGE_B;
import static org.iorewind.model.iommu.Machine.READ_ONLY;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;
import static org.iorewind.model.iommu.Machine.TABLE_2;
import static org.iorewind.model.iommu.TranslationDecision.NO_PERMISSION;
import static org.iorewind.model.iommu.TranslationDecision.PAGE_NOT_PRESENT;
import static org.iorewind.model.iommu.TranslationDecision.PASSED;
import static org.iorewind.model.iommu.TranslationDecision.TRANSLATED;

import org.junit.jupiter.api.Test;

/**
 * Reference 9.2, row by row: software changes a structure and forgets the invalidation, or sends one that does not cover
 * the change, and the old contents still count; then it sends the right one. Freed page tables need a page-directory cache
 * to show. The switches of CONTROL are left out: what they need is not known.
 */
class Section9MissingInvalidationTest {
    private static final long EVERYTHING = 0x7FFF_FFFF_FFFF_F001L;
    private static final long PDE = 2;
    private static final long GN = 4;
    private static final int OTHER_DEVICE = 0x38;
    private static final int OTHER_DOMAIN = 6;
    private static final int OTHER_ROOT = 0x34_0000;
    private static final long MSI = 0xFEE0_1000L;
    private static final long THREE_LEVELS = ROOT | 3 << 9 | 3;
    private static final long ONE_LEVEL = OTHER_ROOT | 1 << 9 | 3;
    private static final long REMAP = 1 | 4 << 1 | 2L << 60;

    private final Machine machine = Machine.started(Profile.SPEC);

    private void entry(long q0, int domain, long q2) {
        machine.deviceEntry(DEVICE, q0, domain, q2, 0);
    }

    private void invalidateEntry(int device) {
        machine.command(2L << 60 | device, 0);
    }

    private void invalidatePages(int domain, long range) {
        machine.command(3L << 60 | (long) domain << 32, range);
    }

    private void invalidateInterrupts(int device) {
        machine.command(5L << 60 | device, 0);
    }

    /** Lets the first level-1 entry of the other root, and the usual tables, map 0x1000 to different pages. */
    private void mapTwoRoots() {
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        machine.memory.writeLong(OTHER_ROOT + 8, PAGE_B | READ_WRITE | 1);
    }

    private void interruptEntry(long table, long entry) {
        machine.memory.writeLong(table, entry);
    }

    @Test
    void deviceEntryOfAValidDevice() {
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        assertThat(machine.written(0x1000).decision()).isEqualTo(TRANSLATED);
        entry(THREE_LEVELS | READ_ONLY, DOMAIN, 0);
        assertThat(machine.written(0x1000).decision()).isEqualTo(TRANSLATED);
        invalidateEntry(OTHER_DEVICE);
        invalidatePages(DOMAIN, EVERYTHING | PDE);
        assertThat(machine.written(0x1000).decision()).isEqualTo(TRANSLATED);
        invalidateEntry(DEVICE);
        assertThat(machine.written(0x1000).decision()).isEqualTo(NO_PERMISSION);
    }

    @Test
    void rootOfAValidDeviceNeedsItsPagesDroppedToo() {
        mapTwoRoots();
        machine.read(0x1000);
        entry(ONE_LEVEL | READ_WRITE, DOMAIN, 0);
        invalidateEntry(DEVICE);
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_A);
        invalidatePages(OTHER_DOMAIN, EVERYTHING | PDE);
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_A);
        invalidatePages(DOMAIN, EVERYTHING | PDE);
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_B);
    }

    @Test
    void domainOfAValidDeviceLeavesTheOldOneForWhoGetsItNext() {
        mapTwoRoots();
        machine.read(0x1000);
        entry(THREE_LEVELS | READ_WRITE, OTHER_DOMAIN, 0);
        invalidateEntry(DEVICE);
        invalidatePages(OTHER_DOMAIN, EVERYTHING | PDE);
        machine.deviceEntry(OTHER_DEVICE, ONE_LEVEL | READ_WRITE, DOMAIN, 0, 0);
        assertThat(machine.dma(OTHER_DEVICE, 0x1000, AccessKind.READ).result()).isEqualTo(PAGE_A);
        invalidatePages(DOMAIN, EVERYTHING | PDE);
        assertThat(machine.dma(OTHER_DEVICE, 0x1000, AccessKind.READ).result()).isEqualTo(PAGE_B);
    }

    @Test
    void deviceEntryThatBecomesValidMayBeCachedForItsInterrupts() {
        entry(0, 0, 1);
        invalidateEntry(DEVICE);
        assertThat(machine.interrupt(MSI, 0).decision()).isEqualTo(InterruptDecision.ABORTED);
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        entry(THREE_LEVELS | READ_WRITE, DOMAIN, 1);
        assertThat(machine.read(0x1000).decision()).isEqualTo(PASSED);
        invalidateEntry(OTHER_DEVICE);
        assertThat(machine.read(0x1000).decision()).isEqualTo(PASSED);
        invalidateEntry(DEVICE);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TRANSLATED);
    }

    @Test
    void interruptHalfOfADeviceEntry() {
        entry(THREE_LEVELS, DOMAIN, INTERRUPT_TABLE | 1);
        interruptEntry(INTERRUPT_TABLE, 1 | 0x41 << 16);
        invalidateEntry(DEVICE);
        assertThat(machine.interrupt(MSI, 0).decision()).isEqualTo(InterruptDecision.ABORTED);
        entry(THREE_LEVELS, DOMAIN, INTERRUPT_TABLE | REMAP);
        invalidateInterrupts(DEVICE);
        assertThat(machine.interrupt(MSI, 0).decision()).isEqualTo(InterruptDecision.ABORTED);
        invalidateEntry(DEVICE);
        assertThat(machine.interrupt(MSI, 0).data()).isEqualTo(0x41);
    }

    @Test
    void interruptTableThatMovedNeedsItsEntriesDroppedToo() {
        entry(THREE_LEVELS, DOMAIN, INTERRUPT_TABLE | REMAP);
        interruptEntry(INTERRUPT_TABLE, 1 | 0x41 << 16);
        interruptEntry(INTERRUPT_TABLE + 0x1000, 1 | 0x42 << 16);
        invalidateEntry(DEVICE);
        machine.interrupt(MSI, 0);
        entry(THREE_LEVELS, DOMAIN, INTERRUPT_TABLE + 0x1000 | REMAP);
        invalidateEntry(DEVICE);
        assertThat(machine.interrupt(MSI, 0).data()).isEqualTo(0x41);
        invalidateInterrupts(OTHER_DEVICE);
        assertThat(machine.interrupt(MSI, 0).data()).isEqualTo(0x41);
        invalidateInterrupts(DEVICE);
        assertThat(machine.interrupt(MSI, 0).data()).isEqualTo(0x42);
    }

    @Test
    void pageThatIsNoLongerPresent() {
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        machine.read(0x1000);
        machine.map(0x1000, 0);
        invalidateEntry(DEVICE);
        invalidatePages(OTHER_DOMAIN, EVERYTHING);
        invalidatePages(DOMAIN, 0x2000);
        invalidatePages(DOMAIN, 0x2001);
        invalidatePages(DOMAIN, EVERYTHING | GN);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TRANSLATED);
        invalidatePages(DOMAIN, 0x1000);
        assertThat(machine.read(0x1000).decision()).isEqualTo(PAGE_NOT_PRESENT);
    }

    @Test
    void pageThatLiesElsewhere() {
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        machine.read(0x1000);
        machine.map(0x1000, PAGE_B | READ_WRITE | 1);
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_A);
        invalidatePages(DOMAIN, 1);
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_B);
    }

    @Test
    void rightsThatWereReduced() {
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        machine.read(0x1000);
        machine.map(0x1000, PAGE_A | READ_ONLY | 1);
        invalidatePages(DOMAIN, 0x2000);
        assertThat(machine.written(0x1000).decision()).isEqualTo(TRANSLATED);
        invalidatePages(DOMAIN, 0x1000);
        assertThat(machine.written(0x1000).decision()).isEqualTo(NO_PERMISSION);
    }

    @Test
    void rightsThatWereIncreased() {
        machine.map(0x1000, PAGE_A | READ_ONLY | 1);
        machine.read(0x1000);
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        invalidatePages(OTHER_DOMAIN, EVERYTHING);
        assertThat(machine.written(0x1000).decision()).isEqualTo(NO_PERMISSION);
        invalidatePages(DOMAIN, 0x1000);
        assertThat(machine.written(0x1000).decision()).isEqualTo(TRANSLATED);
    }

    @Test
    void pageThatBecamePresentNeedsNothing() {
        assertThat(machine.read(0x1000).decision()).isEqualTo(PAGE_NOT_PRESENT);
        machine.map(0x1000, PAGE_A | READ_WRITE | 1);
        assertThat(machine.read(0x1000).decision()).isEqualTo(TRANSLATED);
    }

    @Test
    void largePageThatWasSplit() {
        machine.memory.writeLong(TABLE_2 + 8, 0x80_0000 | READ_WRITE | 1);
        machine.read(0x20_1000);
        machine.memory.writeLong(OTHER_ROOT + 8, PAGE_B | READ_WRITE | 1);
        machine.memory.writeLong(TABLE_2 + 8, OTHER_ROOT | 1 << 9 | READ_WRITE | 1);
        invalidatePages(DOMAIN, 0x40_0000);
        assertThat(machine.read(0x20_1000).result()).isEqualTo(0x80_0000);
        invalidatePages(DOMAIN, 0x2F_F001);
        assertThat(machine.read(0x20_1000).result()).isEqualTo(PAGE_B);
    }

    @Test
    void smallPagesThatWereMerged() {
        machine.memory.writeLong(OTHER_ROOT + 8, PAGE_B | READ_WRITE | 1);
        machine.memory.writeLong(TABLE_2 + 8, OTHER_ROOT | 1 << 9 | READ_WRITE | 1);
        machine.read(0x20_1000);
        machine.memory.writeLong(TABLE_2 + 8, 0x80_0000 | READ_WRITE | 1);
        invalidatePages(DOMAIN, 0x20_0000);
        assertThat(machine.read(0x20_1000).result()).isEqualTo(PAGE_B);
        // The directory that led to the small pages is cached as well: without PDE it still leads there.
        invalidatePages(DOMAIN, 0x2F_F001);
        assertThat(machine.read(0x20_1000).result()).isEqualTo(PAGE_B);
        invalidatePages(DOMAIN, 0x2F_F003);
        assertThat(machine.read(0x20_1000).result()).isEqualTo(0x80_0000);
    }

    @Test
    void accessedAndDirtyBitsThatWereCleared() {
        Machine marking = Machine.started(GuestTables.options(GuestTables.FEATURES | 1L << 49 | 1L << 52));
        marking.deviceEntry(DEVICE, THREE_LEVELS | READ_WRITE | 3 << 7, DOMAIN, 0, 0);
        marking.map(0x1000, PAGE_A | READ_WRITE | 1);
        marking.written(0x1000);
        assertThat(marking.memory.peek(Machine.TABLE_1 + 8) & 0x60).isEqualTo(0x60);
        marking.map(0x1000, PAGE_A | READ_WRITE | 1);
        marking.command(3L << 60 | (long) DOMAIN << 32, 0x2000);
        marking.written(0x1000);
        assertThat(marking.memory.peek(Machine.TABLE_1 + 8) & 0x60).isZero();
        marking.command(3L << 60 | (long) DOMAIN << 32, 0x1000);
        marking.written(0x1000);
        assertThat(marking.memory.peek(Machine.TABLE_1 + 8) & 0x60).isEqualTo(0x60);
    }

    @Test
    void addressSpaceOfAPasid() {
        GuestTables guest = GuestTables.flat(GuestTables.FEATURES);
        guest.with(1, MAPPED, AccessKind.READ);
        guest.gcr3(GCR3, 1, 0xA000 | 1);
        guest.machine.invalidateDomain(DOMAIN);
        guest.invalidateGuest(2, DOMAIN, EVERYTHING | PDE);
        guest.invalidateGuest(1, OTHER_DOMAIN, EVERYTHING | PDE);
        assertThat(guest.with(1, MAPPED, AccessKind.READ).decision()).isEqualTo(TRANSLATED);
        guest.invalidateGuest(1, DOMAIN, EVERYTHING | PDE);
        assertThat(guest.with(1, MAPPED, AccessKind.READ).decision()).isEqualTo(PAGE_NOT_PRESENT);
    }

    @Test
    void guestPageThatIsNoLongerPresent() {
        GuestTables guest = GuestTables.flat(GuestTables.FEATURES);
        guest.with(1, MAPPED, AccessKind.READ);
        guest.write(LEVEL_1, 1, 0);
        guest.invalidateGuest(1, DOMAIN, MAPPED + 0x1000);
        assertThat(guest.with(1, MAPPED, AccessKind.READ).decision()).isEqualTo(TRANSLATED);
        guest.invalidateGuest(1, DOMAIN, MAPPED);
        assertThat(guest.with(1, MAPPED, AccessKind.READ).decision()).isEqualTo(PAGE_NOT_PRESENT);
    }

    @Test
    void interruptEntryThatWasInUse() {
        entry(THREE_LEVELS, DOMAIN, INTERRUPT_TABLE | REMAP);
        interruptEntry(INTERRUPT_TABLE, 1 | 0x41 << 16);
        machine.interrupt(MSI, 0);
        interruptEntry(INTERRUPT_TABLE, 1 | 0x42 << 16);
        invalidateEntry(DEVICE);
        invalidateInterrupts(OTHER_DEVICE);
        assertThat(machine.interrupt(MSI, 0).data()).isEqualTo(0x41);
        invalidateInterrupts(DEVICE);
        assertThat(machine.interrupt(MSI, 0).data()).isEqualTo(0x42);
    }

    @Test
    void interruptEntryThatComesIntoUseNeedsNothing() {
        entry(THREE_LEVELS, DOMAIN, INTERRUPT_TABLE | REMAP);
        assertThat(machine.interrupt(MSI, 0).decision()).isEqualTo(InterruptDecision.ABORTED);
        interruptEntry(INTERRUPT_TABLE, 1 | 0x41 << 16);
        assertThat(machine.interrupt(MSI, 0).data()).isEqualTo(0x41);
    }

    @Test
    void baseOfTheDeviceTable() {
        mapTwoRoots();
        machine.read(0x1000);
        int table = 0x60_0000;
        machine.memory.writeLong(table + DEVICE * 32L, ONE_LEVEL | READ_WRITE);
        machine.memory.writeLong(table + DEVICE * 32L + 8, DOMAIN);
        machine.write(0, table | 1);
        invalidateEntry(OTHER_DEVICE);
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_A);
        machine.command(8L << 60, 0);
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_B);
        machine.write(0, DEVICE_TABLE | 1);
        invalidateEntry(DEVICE);
        invalidatePages(DOMAIN, EVERYTHING | PDE);
        assertThat(machine.read(0x1000).result()).isEqualTo(PAGE_A);
    }

    @Test
    void anyOfThemCountsOnlyAfterTheWait() {
        Machine late = Machine.started(IommuOptions.of(Profile.SPEC).toBuilder()
                .invalidations(InvalidationPolicy.delayed(1, 1 << 20))
                .build());
        late.map(0x1000, PAGE_A | READ_WRITE | 1);
        late.read(0x1000);
        late.map(0x1000, 0);
        late.command(3L << 60 | (long) DOMAIN << 32, 0x1000);
        assertThat(late.read(0x1000).decision()).isEqualTo(TRANSLATED);
        late.command(1L << 60, 0);
        assertThat(late.read(0x1000).decision()).isEqualTo(PAGE_NOT_PRESENT);
    }
}
