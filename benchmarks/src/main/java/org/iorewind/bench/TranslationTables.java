package org.iorewind.bench;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.memory.SparseMemory;

/**
 * A device with tables of four levels and pages of 4 KiB, in the model's memory and, the same, in the peer's.
 *
 * <pre>
 *   host    address p               ─▶ p + 64 MiB
 *   guest   guest virtual address v ─▶ v + 32 MiB, guest physical; GCR3 table and guest tables stand at 1 MiB there
 * </pre>
 */
final class TranslationTables {
    /** Most pages that the tables map. */
    static final int MOST_PAGES = 1 << 18;
    /** Where guest physical memory, and what a device without a guest reaches, begins in system physical memory. */
    static final long SYSTEM_OFFSET = 0x400_0000L;
    /** Where the guest's pages begin in guest physical memory. */
    static final long GUEST_PAGES = 0x200_0000L;

    private static final int REQUESTER = 0x30;
    private static final int PASID = 1;
    private static final long DEVICE_TABLE = 0x10_0000L;
    private static final long HOST_TABLES = 0x20_0000L;
    private static final long GCR3 = 0x10_0000L;
    private static final long GUEST_TABLES = GCR3 + 4096;
    private static final int TABLE_ENTRIES = 512;
    private static final int TABLE_BYTES = 4096;
    private static final int LEVELS = 4;
    private static final int DIRECTORIES = LEVELS - 1;
    /** IR, IW, PR. */
    private static final long HOST_PRESENT = 3L << 61 | 1;
    /** P, R/W, U/S, A, D: nothing is left to mark. */
    private static final long GUEST_PRESENT = 0x67;
    /** GTSup, HATS=2, PASmax=19. */
    private static final long GUEST_FEATURES = 1L << 4 | 2L << 10 | 19L << 32;
    /** IommuEn, GTEn. */
    private static final long CONTROL = 1 | 1 << 16;

    private static final long GUEST_VALID = 1L << 55;

    /** EPH and what hardware vIOMMU needs besides, as far as nothing else changes. */
    private static final long VIRTUAL_FEATURES = FeatureDescriptor.VIOMMU | FeatureDescriptor.ENHANCED_PPR;

    private static final int GUEST = 1;

    /** Whose tables the device has. */
    enum Kind {
        /** The host's. */
        HOST,
        /** A guest's, on top of the host's. */
        NESTED,
        /** The same of a device that belongs to a guest of hardware vIOMMU (vImuEn), which is on. */
        VIRTUAL
    }

    private final SparseMemory memory = SparseMemory.zeroFilled();
    private final NaiveWalker peer = new NaiveWalker();
    private final Iommu iommu;
    private final int pasid;

    /**
     * Fills the tables and turns the model on.
     *
     * @param options caches
     * @param pages from address 0 on, up to {@link #MOST_PAGES}
     * @param kind whose tables the device has
     */
    TranslationTables(IommuOptions options, int pages, Kind kind) {
        boolean isNested = kind != Kind.HOST;
        boolean isVirtual = kind == Kind.VIRTUAL;
        long features = GUEST_FEATURES | (isVirtual ? VIRTUAL_FEATURES : 0);
        this.iommu = new Iommu(options.toBuilder().extendedFeatures(features).build(), memory, EffectSink.NONE);
        this.pasid = isNested ? PASID : EffectSink.NO_PASID;
        fillHost(isNested ? pages + (int) (GUEST_PAGES >>> 12) : pages);
        long low = HOST_TABLES | (long) LEVELS << 9 | 3L << 61 | 3;
        long high = 1;
        if (isNested) {
            fillGuest(pages);
            // The root is a system physical address, in the three pieces of a device table entry.
            long root = SYSTEM_OFFSET + GCR3;
            low |= GUEST_VALID | (root >>> 12 & 7) << 58;
            high |= (root >>> 15 & 0xFFFF) << 16 | root >>> 31 << 43;
        }
        write(DEVICE_TABLE + REQUESTER * 32L, low);
        write(DEVICE_TABLE + REQUESTER * 32L + 8, high);
        if (isVirtual) {
            write(
                    DEVICE_TABLE + REQUESTER * 32L + 24,
                    DeviceEntryDescriptor.VIRTUAL
                            | (long) REQUESTER << DeviceEntryDescriptor.GUEST_DEVICE_SHIFT
                            | (long) GUEST << DeviceEntryDescriptor.GUEST_SHIFT);
        }
        iommu.mmioWrite(0x0000, 8, DEVICE_TABLE);
        iommu.mmioWrite(0x0018, 8, isVirtual ? CONTROL | ControlDescriptor.VIOMMU_MASK : CONTROL);
        check(pages - 1, isNested);
    }

    private void fillHost(int pages) {
        for (int table = 0; table < DIRECTORIES - 1; table++) {
            write(table(HOST_TABLES, table), hostDirectory(table + 1, DIRECTORIES - table));
        }
        for (int page = 0; page < pages; page++) {
            int leaf = DIRECTORIES + page / TABLE_ENTRIES;
            if (page % TABLE_ENTRIES == 0) {
                write(table(HOST_TABLES, DIRECTORIES - 1) + 8L * (leaf - DIRECTORIES), hostDirectory(leaf, 1));
            }
            write(
                    table(HOST_TABLES, leaf) + 8L * (page % TABLE_ENTRIES),
                    SYSTEM_OFFSET + ((long) page << 12) | HOST_PRESENT);
        }
    }

    private static long hostDirectory(int table, int level) {
        return table(HOST_TABLES, table) | (long) level << 9 | HOST_PRESENT;
    }

    private void fillGuest(int pages) {
        write(SYSTEM_OFFSET + GCR3 + 8L * PASID, GUEST_TABLES | 1);
        for (int table = 0; table < DIRECTORIES - 1; table++) {
            write(SYSTEM_OFFSET + table(GUEST_TABLES, table), table(GUEST_TABLES, table + 1) | GUEST_PRESENT);
        }
        for (int page = 0; page < pages; page++) {
            int leaf = DIRECTORIES + page / TABLE_ENTRIES;
            long place = SYSTEM_OFFSET + table(GUEST_TABLES, DIRECTORIES - 1) + 8L * (leaf - DIRECTORIES);
            write(place, table(GUEST_TABLES, leaf) | GUEST_PRESENT);
            write(
                    SYSTEM_OFFSET + table(GUEST_TABLES, leaf) + 8L * (page % TABLE_ENTRIES),
                    GUEST_PAGES + ((long) page << 12) | GUEST_PRESENT);
        }
    }

    private static long table(long tables, int number) {
        return tables + (long) TABLE_BYTES * number;
    }

    private void write(long address, long value) {
        memory.writeLong(address, value);
        peer.write(address, value);
    }

    private void check(int page, boolean isNested) {
        long naive = isNested ? peerNested(page) : peerWalk(page);
        long expected = SYSTEM_OFFSET + (isNested ? GUEST_PAGES : 0) + ((long) page << 12);
        if (translate(page) != TranslationDecision.TRANSLATED || naive != expected) {
            throw new IllegalStateException(
                    "expected page=" + page + " translated to " + expected + ", found " + naive);
        }
    }

    /** The model decides a read of a page. */
    TranslationDecision translate(long page) {
        return iommu.dma(REQUESTER, pasid, page << 12, 64, AccessKind.READ);
    }

    /** The peer walks the host's tables for a page. */
    long peerWalk(long page) {
        return peer.walk(HOST_TABLES, page << 12);
    }

    /** The peer walks guest and host tables for a page. */
    long peerNested(long page) {
        return peer.nested(HOST_TABLES, SYSTEM_OFFSET + GCR3 + 8L * PASID, page << 12);
    }

    /** The model. */
    Iommu iommu() {
        return iommu;
    }
}
