package org.iorewind.bench;

/**
 * The peer: a walk over tables in one array, and nothing else. It checks only that entries are present: no device table, no
 * rights, no reserved bits, no faults, no caches, no one to tell. What the model takes beyond it is the price of those.
 */
final class NaiveWalker {
    private static final int MEMORY_BYTES = 0x480_0000;
    private static final int LEVELS = 4;
    private static final long ADDRESS_MASK = 0x000F_FFFF_FFFF_F000L;

    private final long[] memory = new long[MEMORY_BYTES / Long.BYTES];

    void write(long address, long value) {
        memory[(int) (address >>> 3)] = value;
    }

    /** System physical address, or -1 when an entry is not present. */
    long walk(long root, long address) {
        long table = root;
        for (int level = LEVELS; level > 0; level--) {
            long entry = memory[(int) (table + (address >>> 12 + 9 * (level - 1) & 511) * 8 >>> 3)];
            if ((entry & 1) == 0) {
                return -1;
            }
            table = entry & ADDRESS_MASK;
        }
        return table | address & 0xFFF;
    }

    /** The same by way of guest tables, whose GCR3 entry stands at a system physical address. */
    long nested(long hostRoot, long gcr3Entry, long address) {
        long table = memory[(int) (gcr3Entry >>> 3)] & ADDRESS_MASK;
        for (int level = LEVELS; level > 0; level--) {
            long at = walk(hostRoot, table + (address >>> 12 + 9 * (level - 1) & 511) * 8);
            long entry = memory[(int) (at >>> 3)];
            if ((entry & 1) == 0) {
                return -1;
            }
            table = entry & ADDRESS_MASK;
        }
        return walk(hostRoot, table | address & 0xFFF);
    }
}
