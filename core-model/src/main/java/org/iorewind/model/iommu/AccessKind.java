package org.iorewind.model.iommu;

/** What a DMA request wants to do with memory. */
public enum AccessKind {
    /** The recording does not tell. Rights are not checked, only presence; a fault is reported as that of a read. */
    UNKNOWN(0),
    /** Reads. */
    READ(AccessKind.RIGHT_READ),
    /** Writes. */
    WRITE(AccessKind.RIGHT_WRITE),
    /** Reads and writes in one transaction; a fault is reported as that of a write. */
    ATOMIC(AccessKind.RIGHT_READ | AccessKind.RIGHT_WRITE);

    /** The right to read, in the masks that {@link EffectSink#translation} carries. */
    public static final int RIGHT_READ = 1;

    /** The right to write. */
    public static final int RIGHT_WRITE = 2;

    /** Both rights. */
    public static final int RIGHTS_ALL = RIGHT_READ | RIGHT_WRITE;

    private final int needed;

    AccessKind(int needed) {
        this.needed = needed;
    }

    /** Whether these rights (1 read, 2 write) suffice. */
    public boolean isAllowedBy(int rights) {
        return (needed & ~rights) == 0;
    }

    /** Whether the request writes, as far as known. */
    public boolean isWrite() {
        return (needed & RIGHT_WRITE) != 0;
    }
}
