package org.iorewind.model.platform.driver;

import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.MemoryRole;

/**
 * Host (v1) page tables (reference 6.1), which grow by a level whenever an address needs it: then {@link #root} and
 * {@link #levels} change, and the device table entries that use them must follow. Not thread-safe.
 */
public final class HostPageTable extends RadixPageTable {
    /** All sizes that Linux uses: 4 KiB to 2^51 bytes, but not 512 GiB (reference 6.1). */
    public static final long ALL_SIZES = (1L << 52) - (1L << 12) & ~(1L << 39);
    /** Only sizes that are a level's default: 4 KiB, 2 MiB and 1 GiB. */
    public static final long LEVEL_SIZES = 1L << 12 | 1L << 21 | 1L << 30;
    /** Only 4 KiB. */
    public static final long SMALLEST_ONLY = 1L << 12;

    private final int mostLevels;

    /**
     * Empty tables.
     *
     * @param port the machine
     * @param levels to begin with, 1 to 6
     * @param mostLevels that the hardware can walk, 4 to 6
     * @param pageSizes bit n for pages of 2^n bytes, of {@link #ALL_SIZES}
     * @param emptyTables what becomes of empty tables
     */
    public HostPageTable(DriverPort port, int levels, int mostLevels, long pageSizes, EmptyTables emptyTables) {
        super(port, MemoryRole.HOST_TABLE, levels, pageSizes & ALL_SIZES, emptyTables);
        this.mostLevels = mostLevels;
    }

    /** Empty tables of three levels that may grow to six, with all page sizes. */
    public static HostPageTable ofThreeLevels(DriverPort port) {
        return new HostPageTable(port, 3, PageEntryDescriptor.TOP_LEVEL, ALL_SIZES, EmptyTables.UNLINKED_IF_COVERED);
    }

    @Override
    long directory(long table, int level) {
        return PageEntryDescriptor.directory(table, level);
    }

    @Override
    long page(long target, int shift, int rights) {
        return PageEntryDescriptor.page(target, shift, rights);
    }

    @Override
    boolean isPage(long entry, int level) {
        return PageEntryDescriptor.isPage(entry);
    }

    @Override
    int pageShift(long entry, int level) {
        return PageEntryDescriptor.nextLevel(entry) == PageEntryDescriptor.NEXT_LEVEL_SIZED
                ? PageEntryDescriptor.sizedShift(entry)
                : PageEntryDescriptor.defaultShift(level);
    }

    @Override
    long lastCovered(int ofLevels) {
        return ofLevels >= PageEntryDescriptor.TOP_LEVEL
                ? -1
                : (1L << PageEntryDescriptor.defaultShift(ofLevels + 1)) - 1;
    }

    @Override
    int mostLevels() {
        return mostLevels;
    }
}
