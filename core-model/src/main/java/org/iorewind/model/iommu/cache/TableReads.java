package org.iorewind.model.iommu.cache;

/** How many entries of page tables walks have read, the failed reads too; not part of the state. Not thread-safe. */
public final class TableReads {
    private long host;
    private long nested;
    private long guest;

    /** All zero. */
    public TableReads() {}

    /** A host table was read for an address of a device's own. */
    public void countHost() {
        host++;
    }

    /** A host table was read for a guest physical address of a guest walk. */
    public void countNested() {
        nested++;
    }

    /** A GCR3 table or a guest page table was read. */
    public void countGuest() {
        guest++;
    }

    /** Reads of host tables for addresses of a device's own. */
    public long host() {
        return host;
    }

    /** Reads of host tables within guest walks. */
    public long nested() {
        return nested;
    }

    /** Reads of guest structures. */
    public long guest() {
        return guest;
    }
}
