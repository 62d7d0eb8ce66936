package org.iorewind.model.iommu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.iorewind.model.iommu.EffectSink.NO_PASID;
import static org.iorewind.model.iommu.GuestTables.GCR3;
import static org.iorewind.model.iommu.GuestTables.GT_EN;
import static org.iorewind.model.iommu.GuestTables.GV;
import static org.iorewind.model.iommu.GuestTables.MAPPED;
import static org.iorewind.model.iommu.Machine.DEVICE;
import static org.iorewind.model.iommu.Machine.DOMAIN;
import static org.iorewind.model.iommu.Machine.INTERRUPT_TABLE;
import static org.iorewind.model.iommu.Machine.READ_WRITE;
import static org.iorewind.model.iommu.Machine.ROOT;
import static org.iorewind.model.iommu.Machine.STORE;

import org.iorewind.model.StateHasher;
import org.iorewind.model.StateImage;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.model.memory.SparseMemory;
import org.junit.jupiter.api.Test;

/** What is part of the state, and what is not. */
class StateRoundTripTest {
    private static final long MSI = 0xFEE0_0000L;
    private static final int OTHER = DEVICE + 8;
    private static final long SE = 1L << 33;

    private static IommuOptions options() {
        return GuestTables.options(GuestTables.FEATURES | 2 | 1L << 7).toBuilder()
                .deviceEntryCache(64)
                .build();
    }

    /** Fills each cache: nested, guest and host translations, two device table entries, one of them faulted, an IRTE. */
    private static void fill(Iommu iommu, SparseMemory memory) {
        GuestTables nested = GuestTables.nested();
        copy(nested.machine.memory, memory, 0x30_0000, 0x34_0000);
        copy(nested.machine.memory, memory, 0x80_0000, 0x81_0000);
        entry(
                memory,
                DEVICE,
                GV | GuestTables.hostBits() | GCR3 >>> 12 << 58,
                DOMAIN | SE,
                INTERRUPT_TABLE | 9 | 2L << 60);
        entry(memory, OTHER, ROOT | 3 << 9, DOMAIN, 0);
        memory.writeLong(INTERRUPT_TABLE, 1 | 0x41 << 16);
        iommu.mmioWrite(0, 8, Machine.DEVICE_TABLE | 1);
        iommu.mmioWrite(0x10, 8, Machine.LOG | 8L << 56);
        iommu.mmioWrite(0x18, 8, 5 | GT_EN | GuestTables.GCR3_TRP_MODE);
        iommu.dma(DEVICE, 1, MAPPED, 4, AccessKind.READ);
        iommu.dma(DEVICE, NO_PASID, 0x7000, 4, AccessKind.READ);
        iommu.dma(OTHER, NO_PASID, 0x7000, 4, AccessKind.READ);
        iommu.dma(DEVICE, NO_PASID, 0x1F_F000, 4, AccessKind.READ);
        iommu.interrupt(DEVICE, MSI, 0);
    }

    private static void entry(SparseMemory memory, int device, long q0, long q1, long q2) {
        long at = Machine.DEVICE_TABLE + 32L * device;
        memory.writeLong(at, q0 | READ_WRITE | 3);
        memory.writeLong(at + 8, q1);
        memory.writeLong(at + 16, q2);
    }

    private static void copy(SparseMemory from, SparseMemory to, long first, long end) {
        for (long at = first; at < end; at += 8) {
            if (from.peek(at) != 0) {
                to.writeLong(at, from.peek(at));
            }
        }
    }

    private static long hash(Iommu iommu) {
        StateHasher hasher = new StateHasher();
        iommu.saveTo(hasher);
        return hasher.value();
    }

    @Test
    void aRestoredIommuHasAllCachesAndTheSameHash() {
        Machine first = new Machine(options());
        fill(first.iommu, first.memory);
        StateImage image = new StateImage();
        first.iommu.saveTo(image);
        Machine second = new Machine(options(), first.memory);
        StateImage.Reader reader = StateImage.of(image.toArray()).reader();
        second.iommu.restoreFrom(reader);
        reader.expectEnd();
        assertThat(second.hash()).isEqualTo(first.hash());
        first.memory.writeLong(INTERRUPT_TABLE, 0);
        assertThat(second.interrupt(MSI, 0).data()).isEqualTo(0x41);
        second.iommu.dma(DEVICE, 1, MAPPED, 4, AccessKind.READ);
        assertThat(second.translations.get(0).hit()).isTrue();
        assertThat(second.read(0x7000).hit()).isTrue();
        assertThat(second.told).contains("entry of 48 from cache").doesNotContain("entry of 48 from memory");
        second.read(0x1F_F000);
        assertThat(second.lastEvent().written()).isFalse();
        second.iommu.mmioWrite(0x08, 8, Machine.RING | 8L << 56);
        second.iommu.mmioWrite(0x18, 8, 5 | 1 << 12 | GT_EN | GuestTables.GCR3_TRP_MODE);
        second.command(3L << 60 | (long) DOMAIN << 32, 0x7000);
        assertThat(second.told).contains("dropped domain 5 7000 size 4096 pages 2");
    }

    @Test
    void whetherATranslationIsCachedCanBeAskedWithoutUsingIt() {
        Machine machine = new Machine(options());
        fill(machine.iommu, machine.memory);
        long before = machine.hash();
        CacheStatistics statistics = machine.iommu.statistics();
        assertThat(machine.iommu.holdsTranslation(OTHER, DOMAIN, 0x7000)).isTrue();
        assertThat(machine.iommu.holdsTranslation(OTHER, DOMAIN, 0x9000)).isFalse();
        assertThat(machine.iommu.cachedTranslations())
                .anyMatch(entry -> entry.domain() == DOMAIN && entry.address() == 0x7000)
                .noneMatch(entry -> entry.address() == 0x9000);
        assertThat(machine.iommu.holdsTranslation(OTHER, DOMAIN + 1, 0x7000)).isFalse();
        assertThat(machine.iommu.holdsTranslation(OTHER, -1, 0x7000)).isFalse();
        assertThat(machine.hash()).isEqualTo(before);
        assertThat(machine.iommu.statistics()).isEqualTo(statistics);
    }

    @Test
    void aDeviceTableEntryCanBeSeenAsItIsInMemory() {
        Machine machine = new Machine(options(), SparseMemory.recordedOnly());
        fill(machine.iommu, machine.memory);
        entry(machine.memory, OTHER, ROOT | 2 << 9, 9, 0);
        machine.memory.writeLong(Machine.DEVICE_TABLE + 32L * OTHER + 24, 0);
        DeviceEntry entry = machine.iommu.deviceEntry(OTHER);
        assertThat(entry).isNotNull();
        assertThat(entry.domain()).as("not the cached one").isEqualTo(9);
        assertThat(machine.iommu.deviceEntry(OTHER + 1)).as("not recorded").isNull();
        assertThat(machine.iommu.deviceEntry(0xFFFF)).as("beyond the table").isNull();
    }

    @Test
    void eachCacheAndEachRegisterIsPartOfTheHash() {
        Machine machine = new Machine(options());
        long empty = machine.hash();
        fill(machine.iommu, machine.memory);
        long full = machine.hash();
        assertThat(full).isNotEqualTo(empty);
        machine.interrupt(MSI, 0);
        assertThat(machine.hash()).isEqualTo(full);
        machine.iommu.mmioWrite(0x20, 8, 0x1000);
        assertThat(machine.hash()).isNotEqualTo(full);
        machine.iommu.mmioWrite(0x20, 8, 0);
        assertThat(machine.hash()).isEqualTo(full);
        machine.memory.writeLong(INTERRUPT_TABLE, (1L | 0x42 << 16) << 32);
        machine.interrupt(MSI, 1);
        assertThat(machine.hash()).isNotEqualTo(full);
    }

    @Test
    void whoListensDoesNotMatter() {
        IommuOptions options = options();
        Machine heard = new Machine(options);
        SparseMemory memory = SparseMemory.zeroFilled();
        Iommu unheard = new Iommu(options, memory, new EffectSink() {});
        work(heard.iommu, heard.memory);
        work(unheard, memory);
        assertThat(heard.told).hasSizeGreaterThan(30);
        assertThat(hash(unheard)).isEqualTo(heard.hash());
        StateHasher ofHeard = new StateHasher();
        StateHasher ofUnheard = new StateHasher();
        heard.memory.hashInto(ofHeard);
        memory.hashInto(ofUnheard);
        assertThat(ofUnheard.value()).isEqualTo(ofHeard.value());
    }

    /** Brings about every kind of effect. */
    private static void work(Iommu iommu, SparseMemory memory) {
        fill(iommu, memory);
        iommu.mmioWrite(0x08, 8, Machine.RING | 8L << 56);
        iommu.mmioWrite(0x38, 8, 0x22_0000 | 8L << 56);
        iommu.mmioWrite(0x18, 8, Machine.ENABLED | 7L << 13 | 1L << 17 | 1L << 25 | 1L << 53);
        memory.writeLong(INTERRUPT_TABLE + 16, 0x81 | 1 << 6);
        memory.writeLong(INTERRUPT_TABLE + 24, 0x50_0041);
        iommu.interrupt(DEVICE, MSI, 1);
        iommu.pageRequest(OTHER, NO_PASID, 0x1000, 1, 1, true);
        long[] commands = {1L << 60 | STORE | 3, 7, 3L << 60, 0, 4L << 60, 0, 7L << 60 | DEVICE, 0, 0, 0};
        for (int i = 0; i < commands.length; i++) {
            memory.writeLong(Machine.RING + i * 8, commands[i]);
        }
        iommu.mmioWrite(0x2008, 8, 0x50);
        memory.injectFailure(ROOT, 8, MemoryStatus.POISON);
        iommu.dma(OTHER, NO_PASID, 0, 4, AccessKind.WRITE);
    }

    /** What waits, and the next delays, go on as if nothing had been saved. */
    @Test
    void invalidationsThatWaitAreRestored() {
        IommuOptions late = IommuOptions.of(Profile.SPEC).toBuilder()
                .invalidations(InvalidationPolicy.delayed(3, 1000))
                .build();
        Machine first = Machine.started(late);
        for (int domain = 0; domain < 5; domain++) {
            first.invalidateDomain(domain);
        }
        StateImage image = new StateImage();
        first.iommu.saveTo(image);
        Machine second = new Machine(late, first.memory);
        StateImage.Reader reader = image.reader();
        second.iommu.restoreFrom(reader);
        reader.expectEnd();
        second.continueFrom(first);
        assertThat(second.hash()).isEqualTo(first.hash());
        first.told.clear();
        first.invalidateDomain(5);
        second.invalidateDomain(5);
        for (int i = 0; i < 1000; i++) {
            first.read(0x1000);
            second.read(0x1000);
        }
        assertThat(first.told.stream().filter(line -> line.startsWith("dropped")))
                .hasSize(6);
        assertThat(second.told).isEqualTo(first.told);
        assertThat(second.hash()).isEqualTo(first.hash());
    }
}
