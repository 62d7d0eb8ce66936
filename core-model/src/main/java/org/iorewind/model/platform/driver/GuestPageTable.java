package org.iorewind.model.platform.driver;

import org.iorewind.model.iommu.table.GuestEntryDescriptor;
import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.MemoryRole;

/**
 * Guest (v2) page tables of four or five levels, in the processor's format (reference 6.2). They reach the lower half of the
 * addresses only, so that they serve PASID 0 with its zero-extended addresses and every other PASID alike, as in Linux. Not
 * thread-safe.
 */
public final class GuestPageTable extends RadixPageTable {
    /** 4 KiB, 2 MiB and 1 GiB. */
    public static final long ALL_SIZES = 1L << 12 | 1L << 21 | 1L << 30;

    /**
     * Empty tables.
     *
     * @param port the machine
     * @param levels 4 or 5
     * @param pageSizes bit n for pages of 2^n bytes, of {@link #ALL_SIZES}
     * @param emptyTables what becomes of empty tables
     */
    public GuestPageTable(DriverPort port, int levels, long pageSizes, EmptyTables emptyTables) {
        super(port, MemoryRole.GUEST_TABLE, levels, pageSizes & ALL_SIZES, emptyTables);
    }

    /** Empty tables of four levels, with all page sizes. */
    public static GuestPageTable ofFourLevels(DriverPort port) {
        return new GuestPageTable(port, 4, ALL_SIZES, EmptyTables.UNLINKED_IF_COVERED);
    }

    @Override
    long directory(long table, int level) {
        return GuestEntryDescriptor.directory(table);
    }

    @Override
    long page(long target, int shift, int rights) {
        return GuestEntryDescriptor.page(target, shift, rights);
    }

    @Override
    boolean isPage(long entry, int level) {
        return GuestEntryDescriptor.isPage(entry, level);
    }

    @Override
    int pageShift(long entry, int level) {
        return PageEntryDescriptor.defaultShift(level);
    }

    @Override
    long lastCovered(int ofLevels) {
        return (1L << PageEntryDescriptor.defaultShift(ofLevels + 1) - 1) - 1;
    }

    @Override
    int mostLevels() {
        return levels();
    }
}
