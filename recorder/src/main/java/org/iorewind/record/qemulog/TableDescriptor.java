package org.iorewind.record.qemulog;

/**
 * The bits of the tables in memory that QEMU's {@code amd-iommu} looks at (reference 2.2).
 *
 * <pre>
 *   device table entry, quadword 0                    page table entry
 *   51              12 11   9        1   0            51              12 11        9       0
 *  +------------------+------+------+---+---+        +------------------+-----------+------+----+
 *  | page table root  | mode |  …   |TV | V |        | next table, page | next level|  …   | PR |
 *  +------------------+------+------+---+---+        +------------------+-----------+------+----+
 *                                                     next level 0: a page of this level; 7: its size is in the address
 * </pre>
 */
final class TableDescriptor {
    /** Bytes of a device table entry. */
    static final int DEVICE_ENTRY_BYTES = 32;
    /** Quadwords of a device table entry. */
    static final int DEVICE_ENTRY_WORDS = 4;
    /** Bytes of a page table entry. */
    static final int ENTRY_BYTES = 8;
    /** Base of a table, in its register and in the entry above it. */
    static final long ADDRESS = 0x000F_FFFF_FFFF_F000L;
    /** Page table entry: present. */
    static final long PRESENT = 1;
    /** Page table entry: reads and writes are allowed. */
    static final long READ_WRITE = 3L << 61;

    /** Highest level of a table. */
    static final int TOP_LEVEL = 6;

    private static final long VALID_TRANSLATION = 3;
    private static final int LEVEL_SHIFT = 9;
    private static final int LEVEL_MASK = 7;
    private static final int SIZE_IN_ADDRESS = 7;
    private static final int PAGE_SHIFT = 12;
    private static final int INDEX_BITS = 9;
    private static final int INDEX_MASK = 0x1FF;

    private TableDescriptor() {}

    /** Whether requests of the device are translated by tables at all. */
    static boolean hasTables(long deviceEntry) {
        int level = level(deviceEntry);
        return (deviceEntry & VALID_TRANSLATION) == VALID_TRANSLATION && level > 0 && level <= TOP_LEVEL;
    }

    /** Level of the table that an entry leads to; 0 or 7 for a page. Of a device table entry: its mode. */
    static int level(long entry) {
        return (int) (entry >>> LEVEL_SHIFT) & LEVEL_MASK;
    }

    /** Whether a present entry of a page table names a page. */
    static boolean isLeaf(long entry) {
        int level = level(entry);
        return level == 0 || level == SIZE_IN_ADDRESS;
    }

    /** Address of the entry for an I/O address in a table of this level. */
    static long entryAddress(long tableBase, int level, long ioAddress) {
        int shift = PAGE_SHIFT + INDEX_BITS * (level - 1);
        return (tableBase & ADDRESS) + (ioAddress >>> shift & INDEX_MASK) * ENTRY_BYTES;
    }

    /** The page of 4 KiB that a leaf of a table of this level holds for an I/O address. */
    static long page(long leaf, int level, long ioAddress) {
        long address = leaf & ADDRESS;
        long mask;
        if (level(leaf) == SIZE_IN_ADDRESS) {
            // the lowest zero bit of the address ends the size
            long size = Long.lowestOneBit(~(address >>> PAGE_SHIFT)) << PAGE_SHIFT + 1;
            mask = size - 1;
        } else {
            mask = (1L << PAGE_SHIFT + INDEX_BITS * (level - 1)) - 1;
        }
        return (address & ~mask | ioAddress & mask) & ADDRESS;
    }
}
