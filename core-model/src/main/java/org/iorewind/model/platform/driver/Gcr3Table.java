package org.iorewind.model.platform.driver;

import org.iorewind.model.iommu.table.GuestEntryDescriptor;
import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.MemoryRole;

/**
 * A GCR3 table of one to three levels: the roots of v2 tables by PASID (reference 6.2). Changes memory only. Tables of lower
 * levels stay until {@link #destroy}. Not thread-safe.
 */
public final class Gcr3Table {
    private final TablePages pages;
    private final int levels;
    private final long root;

    /** An empty table. */
    public Gcr3Table(DriverPort port, int levels) {
        this.pages = new TablePages(port, MemoryRole.GCR3_TABLE);
        this.levels = levels;
        this.root = pages.allocate();
    }

    /** Address of the top table. */
    public long root() {
        return root;
    }

    /** Levels, 1 to 3. */
    public int levels() {
        return levels;
    }

    /** Whether there is a place for a PASID. */
    public boolean covers(int pasid) {
        int bits = Math.min(levels * GuestEntryDescriptor.GCR3_LEVEL_BITS, GuestEntryDescriptor.PASID_BITS);
        return pasid >>> bits == 0;
    }

    /**
     * Gives a PASID its tables.
     *
     * @return {@link Errno#OK}, {@link Errno#RANGE} if there is no place, {@link Errno#EXISTS} if it has some
     */
    public int set(int pasid, long tableRoot) {
        if (!covers(pasid)) {
            return Errno.RANGE;
        }
        long table = root;
        for (int level = levels; level > 1; level--) {
            long at = GuestEntryDescriptor.gcr3EntryAddress(table, level, pasid);
            long entry = pages.load(at);
            if (entry == 0) {
                entry = pages.allocate() | GuestEntryDescriptor.PRESENT;
                pages.add(at, entry);
            }
            table = entry & GuestEntryDescriptor.ADDRESS_MASK;
        }
        long at = GuestEntryDescriptor.gcr3EntryAddress(table, 1, pasid);
        if (pages.load(at) != 0) {
            return Errno.EXISTS;
        }
        pages.add(at, tableRoot | GuestEntryDescriptor.PRESENT);
        return Errno.OK;
    }

    /**
     * Takes the tables of a PASID away.
     *
     * @return {@link Errno#OK}, {@link Errno#NO_ENTRY} if it has none
     */
    public int clear(int pasid) {
        long at = entryAddress(pasid);
        if (at == 0 || pages.load(at) == 0) {
            return Errno.NO_ENTRY;
        }
        pages.remove(at);
        return Errno.OK;
    }

    /** Root of the tables of a PASID, or 0. */
    public long get(int pasid) {
        long at = entryAddress(pasid);
        return at == 0 ? 0 : pages.load(at) & GuestEntryDescriptor.ADDRESS_MASK;
    }

    /** Address of the entry of a PASID, or 0 if there is no table for it. */
    private long entryAddress(int pasid) {
        if (!covers(pasid)) {
            return 0;
        }
        long table = root;
        for (int level = levels; level > 1; level--) {
            long entry = pages.load(GuestEntryDescriptor.gcr3EntryAddress(table, level, pasid));
            if (entry == 0) {
                return 0;
            }
            table = entry & GuestEntryDescriptor.ADDRESS_MASK;
        }
        return GuestEntryDescriptor.gcr3EntryAddress(table, 1, pasid);
    }

    /** Gives all memory back; the table is of no use afterwards. */
    public void destroy() {
        pages.destroy();
    }
}
