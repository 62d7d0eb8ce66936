package org.iorewind.model.platform.driver;

import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.MemoryRole;

/** What v1 and v2 tables have in common: 9 bits of the address for each level, entries of 8 bytes. Pages that reach beyond a range are left alone (MC-V41). Not thread-safe. */
abstract class RadixPageTable implements IoPageTable {
    private static final int MOST_LEVELS = 6;
    private static final int TABLE_ENTRIES = 512;
    private static final long PAGE_MASK = (1L << PageEntryDescriptor.SMALLEST_SHIFT) - 1;
    private static final long PRESENT = PageEntryDescriptor.PRESENT;

    private final TablePages pages;
    private final long pageSizes;
    private final EmptyTables emptyTables;

    /** Of the walk to the address that was looked up last: tables and entries by level. */
    private final long[] tableAt = new long[MOST_LEVELS + 1];

    private final long[] entryAt = new long[MOST_LEVELS + 1];
    private long visited;
    private int foundLevel;
    private long foundEntry;
    private long root;
    private int levels;
    private long pageEntries;

    /**
     * Tables with an empty top table.
     *
     * @param pageSizes bit n for pages of 2^n bytes; bit 12 always counts as set
     */
    RadixPageTable(DriverPort port, MemoryRole role, int levels, long pageSizes, EmptyTables emptyTables) {
        this.pages = new TablePages(port, role);
        this.levels = levels;
        this.pageSizes = pageSizes;
        this.emptyTables = emptyTables;
        this.root = pages.allocate();
    }

    /** An entry that points to a table of this level. */
    abstract long directory(long table, int level);

    /** An entry of a page of 2^shift bytes. */
    abstract long page(long target, int shift, int rights);

    /** Whether a present entry of a table of this level is a page. */
    abstract boolean isPage(long entry, int level);

    /** log2 of the size of a page. */
    abstract int pageShift(long entry, int level);

    /** Highest address that tables of this many levels reach. */
    abstract long lastCovered(int ofLevels);

    /** Most levels that the tables may grow to. */
    abstract int mostLevels();

    @Override
    public final long root() {
        return root;
    }

    @Override
    public final int levels() {
        return levels;
    }

    @Override
    public final int map(long iova, long target, long bytes, int rights) {
        long last = iova + bytes - 1;
        if (((iova | target | bytes) & PAGE_MASK) != 0 || bytes == 0) {
            return Errno.INVALID;
        }
        if (isAbove(iova, last) || isAbove(last, lastCovered(mostLevels()))) {
            return Errno.RANGE;
        }
        if (isAnyMapped(iova, bytes)) {
            return Errno.EXISTS;
        }
        while (isAbove(last, lastCovered(levels))) {
            grow();
        }
        long done = 0;
        while (done != bytes) {
            int shift = largestPage(iova + done | target + done, bytes - done);
            mapPage(iova + done, target + done, shift, rights);
            done += 1L << shift;
        }
        return Errno.OK;
    }

    private void grow() {
        long top = pages.allocate();
        pages.add(top, directory(root, levels));
        root = top;
        levels++;
    }

    private int largestPage(long alignedTo, long left) {
        int most = Math.min(
                PageEntryDescriptor.defaultShift(levels + 1) - 1,
                Math.min(Long.numberOfTrailingZeros(alignedTo), Long.SIZE - 1 - Long.numberOfLeadingZeros(left)));
        for (int shift = most; shift > PageEntryDescriptor.SMALLEST_SHIFT; shift--) {
            if ((pageSizes >>> shift & 1) != 0) {
                return shift;
            }
        }
        return PageEntryDescriptor.SMALLEST_SHIFT;
    }

    private void mapPage(long iova, long target, int shift, int rights) {
        int level = levelOf(shift);
        long table = root;
        for (int above = levels; above > level; above--) {
            long entryAddress = PageEntryDescriptor.entryAddress(table, above, iova);
            long entry = pages.load(entryAddress);
            if ((entry & PRESENT) == 0) {
                entry = directory(pages.allocate(), above - 1);
                pages.add(entryAddress, entry);
            }
            table = entry & PageEntryDescriptor.ADDRESS_MASK;
        }
        long entry = page(target, shift, rights);
        long first = PageEntryDescriptor.entryAddress(table, level, iova);
        for (int copy = 0; copy < copies(shift, level); copy++) {
            place(first + (long) copy * Long.BYTES, entry, level);
        }
        pageEntries += copies(shift, level);
    }

    /** Where tables stand that are empty, the page takes their place. */
    private void place(long entryAddress, long entry, int level) {
        long old = pages.load(entryAddress);
        if ((old & PRESENT) == 0) {
            pages.add(entryAddress, entry);
        } else {
            pages.change(entryAddress, entry);
            unlinkAll(old & PageEntryDescriptor.ADDRESS_MASK, level - 1);
        }
    }

    private void unlinkAll(long table, int level) {
        for (int i = 0; level > 1 && i < TABLE_ENTRIES; i++) {
            long entry = pages.load(table + (long) i * Long.BYTES);
            if ((entry & PRESENT) != 0) {
                unlinkAll(entry & PageEntryDescriptor.ADDRESS_MASK, level - 1);
            }
        }
        pages.unlink(table);
    }

    @Override
    public final long unmap(long iova, long bytes) {
        long unmapped = 0;
        long last = lastToVisit(iova, bytes);
        boolean hasMore = bytes != 0 && !isAbove(iova, last);
        for (long at = iova; hasMore; at++) {
            locate(at);
            if (isFoundWithin(at, iova, last)) {
                unmapped += foundBytes();
                removeFound(iova, last);
            }
            at |= foundBytes() - 1;
            hasMore = isAbove(last, at);
        }
        return unmapped;
    }

    @Override
    public final long protect(long iova, long bytes, int rights) {
        long changed = 0;
        long last = lastToVisit(iova, bytes);
        boolean hasMore = bytes != 0 && !isAbove(iova, last);
        for (long at = iova; hasMore; at++) {
            locate(at);
            if (isFoundWithin(at, iova, last)) {
                changed += foundBytes();
                changeFound(rights);
            }
            at |= foundBytes() - 1;
            hasMore = isAbove(last, at);
        }
        return changed;
    }

    @Override
    public final long translate(long iova) {
        if (isAbove(iova, lastCovered(levels))) {
            return -1;
        }
        locate(iova);
        return foundEntry == 0 ? -1 : PageEntryDescriptor.pageBase(foundEntry, foundShift()) | iova & foundBytes() - 1;
    }

    @Override
    public final int unlinked() {
        return pages.unlinked();
    }

    @Override
    public final void release() {
        pages.release();
    }

    @Override
    public final void destroy() {
        pages.destroy();
    }

    @Override
    public final long pageEntries() {
        return pageEntries;
    }

    @Override
    public final int tables() {
        return pages.size();
    }

    private boolean isAnyMapped(long first, long bytes) {
        long last = lastToVisit(first, bytes);
        boolean hasMore = !isAbove(first, last);
        boolean isFound = false;
        for (long at = first; hasMore; at++) {
            locate(at);
            isFound = foundEntry != 0;
            at |= foundBytes() - 1;
            hasMore = !isFound && isAbove(last, at);
        }
        return isFound;
    }

    /** The last address of a range, or of what the tables reach, if that is less. */
    private long lastToVisit(long first, long bytes) {
        long last = first + bytes - 1;
        long covered = lastCovered(levels);
        return isAbove(first, last) || isAbove(last, covered) ? covered : last;
    }

    /** Walks to the page of an address, or to the entry where the way ends: then the found entry is 0. */
    private void locate(long iova) {
        visited = iova;
        long table = root;
        int level = levels;
        long entry = step(table, level, iova);
        while ((entry & PRESENT) != 0 && !isPage(entry, level)) {
            table = entry & PageEntryDescriptor.ADDRESS_MASK;
            level--;
            entry = step(table, level, iova);
        }
        foundEntry = (entry & PRESENT) == 0 ? 0 : entry;
        foundLevel = level;
    }

    private long step(long table, int level, long iova) {
        tableAt[level] = table;
        entryAt[level] = PageEntryDescriptor.entryAddress(table, level, iova);
        return pages.load(entryAt[level]);
    }

    private int foundShift() {
        return foundEntry == 0 ? PageEntryDescriptor.defaultShift(foundLevel) : pageShift(foundEntry, foundLevel);
    }

    private long foundBytes() {
        return 1L << foundShift();
    }

    private boolean isFoundWithin(long at, long first, long last) {
        long pageFirst = at & -foundBytes();
        return foundEntry != 0 && !isAbove(first, pageFirst) && !isAbove(pageFirst + foundBytes() - 1, last);
    }

    private long firstCopy() {
        return entryAt[foundLevel] & -((long) copies(foundShift(), foundLevel) * Long.BYTES);
    }

    private void changeFound(int rights) {
        int shift = foundShift();
        long entry = page(PageEntryDescriptor.pageBase(foundEntry, shift), shift, rights);
        long first = firstCopy();
        for (int copy = 0; copy < copies(shift, foundLevel); copy++) {
            pages.change(first + (long) copy * Long.BYTES, entry);
        }
    }

    private void removeFound(long first, long last) {
        int copies = copies(foundShift(), foundLevel);
        long entryAddress = firstCopy();
        for (int copy = 0; copy < copies; copy++) {
            pages.remove(entryAddress + (long) copy * Long.BYTES);
        }
        pageEntries -= copies;
        for (int level = foundLevel; level < levels && mayGo(level, first, last); level++) {
            pages.remove(entryAt[level + 1]);
            pages.unlink(tableAt[level]);
        }
    }

    private boolean mayGo(int level, long first, long last) {
        if (emptyTables == EmptyTables.KEPT || !pages.isEmpty(tableAt[level])) {
            return false;
        }
        long reach = 1L << PageEntryDescriptor.defaultShift(level + 1);
        long tableFirst = visited & -reach;
        return emptyTables == EmptyTables.UNLINKED
                || !isAbove(first, tableFirst) && !isAbove(tableFirst + reach - 1, last);
    }

    private static int levelOf(int shift) {
        return (shift - PageEntryDescriptor.SMALLEST_SHIFT) / PageEntryDescriptor.LEVEL_BITS + 1;
    }

    private static int copies(int shift, int level) {
        return 1 << shift - PageEntryDescriptor.defaultShift(level);
    }

    private static boolean isAbove(long address, long other) {
        return Long.compareUnsigned(address, other) > 0;
    }
}
