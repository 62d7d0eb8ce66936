package org.iorewind.model.iommu.table;

import org.iorewind.model.iommu.AccessKind;

/**
 * An entry of a host (v1) page table (reference 6.1).
 *
 * <pre>
 *  PTE  63 62 61 60 59 58     52 51                         12 11   9 8  7 6 5 4     1  0
 *      ┌──┬──┬──┬──┬──┬─────────┬─────────────────────────────┬──────┬────┬─┬─┬───────┬──┐
 *      │ig│IW│IR│FC│ U│reserved │        page address         │0 or 7│ ign│D│A│ ignor │PR│
 *      └──┴──┴──┴──┴──┴─────────┴─────────────────────────────┴──────┴────┴─┴─┴───────┴──┘
 *  PDE  63 62 61 60           52 51                         12 11   9 8    6 5 4     1  0
 *      ┌──┬──┬──┬───────────────┬─────────────────────────────┬──────┬──────┬─┬───────┬──┐
 *      │ig│IW│IR│   reserved    │     next table address      │1 to 6│ ignor│A│ ignor │PR│
 *      └──┴──┴──┴───────────────┴─────────────────────────────┴──────┴──────┴─┴───────┴──┘
 * </pre>
 */
public final class PageEntryDescriptor {
    /** PR. */
    public static final long PRESENT = 1;
    /** A, in pages and directories. */
    public static final long ACCESSED = 1L << 5;
    /** D, in pages. */
    public static final long DIRTY = 1L << 6;
    /** Lowest bit of NextLevel. */
    public static final int NEXT_LEVEL_SHIFT = 9;
    /** NextLevel of a page whose size stands in its address. */
    public static final int NEXT_LEVEL_SIZED = 7;
    /** Page or table address. */
    public static final long ADDRESS_MASK = 0x000F_FFFF_FFFF_F000L;
    /** Reserved bits of a PTE, 58:52. */
    public static final long RESERVED_IN_PAGE = 0x7FL << 52;
    /** Reserved bits of a PDE, 60:52. */
    public static final long RESERVED_IN_DIRECTORY = 0x1FFL << 52;
    /** Lowest bit of IR and IW. */
    public static final int RIGHTS_SHIFT = 61;
    /** log2 of the smallest page. */
    public static final int SMALLEST_SHIFT = 12;
    /** Index bits of each level. */
    public static final int LEVEL_BITS = 9;
    /** The top level, which has 7 index bits and cannot hold pages. */
    public static final int TOP_LEVEL = 6;

    /** Beside the rights in a cache: D is known to be set in the tables, so that a write need not set it. */
    public static final int CACHED_DIRTY = 16;

    /** Beside the rights in a cache: U, so that devices use the page by untranslated requests only. */
    public static final int CACHED_UNTRANSLATED_ONLY = 32;

    /** Beside the rights in a cache: FC, so that all accesses to the page are snooped. */
    public static final int CACHED_SNOOPED = 64;

    /** What an entry of the host's tables adds to the rights in a cache. */
    public static final int CACHED_BY_HOST = CACHED_DIRTY | CACHED_UNTRANSLATED_ONLY | CACHED_SNOOPED;

    private static final long UNTRANSLATED_ONLY = 1L << 59;
    private static final long FORCE_COHERENT = 1L << 60;
    private static final long INDEX_MASK = (1L << LEVEL_BITS) - 1;
    private static final int HIGHEST_ADDRESS_BIT = 51;

    private PageEntryDescriptor() {}

    /** NextLevel, 0 to 7. */
    public static int nextLevel(long entry) {
        return (int) (entry >>> NEXT_LEVEL_SHIFT) & 7;
    }

    /** IR and IW: 1 read, 2 write. */
    public static int rights(long entry) {
        return (int) (entry >>> RIGHTS_SHIFT) & AccessKind.RIGHTS_ALL;
    }

    /** U and FC of a page as caches keep them beside the rights. */
    public static int cachedAttributes(long entry) {
        return ((entry & UNTRANSLATED_ONLY) != 0 ? CACHED_UNTRANSLATED_ONLY : 0)
                | ((entry & FORCE_COHERENT) != 0 ? CACHED_SNOOPED : 0);
    }

    /** Whether an entry ends the walk: NextLevel 0 or 7. */
    public static boolean isPage(long entry) {
        int next = nextLevel(entry);
        return next == 0 || next == NEXT_LEVEL_SIZED;
    }

    /** log2 of the default page size at a level 1 to 7: 12, 21, 30, 39, 48, 57, 66. */
    public static int defaultShift(int level) {
        return SMALLEST_SHIFT + LEVEL_BITS * (level - 1);
    }

    /** Address of the entry for an IOVA in a table of this level. */
    public static long entryAddress(long table, int level, long iova) {
        return table + (iova >>> defaultShift(level) & INDEX_MASK) * Long.BYTES;
    }

    /**
     * log2 of the page size that an entry with NextLevel 7 encodes: one more than its lowest zero address bit, 13 to 52.
     * 0 when all address bits are ones.
     */
    public static int sizedShift(long entry) {
        int zero = Long.numberOfTrailingZeros(~entry >>> SMALLEST_SHIFT) + SMALLEST_SHIFT;
        return zero > HIGHEST_ADDRESS_BIT ? 0 : zero + 1;
    }

    /** Start of the page of this size that an entry points to. */
    public static long pageBase(long entry, int pageShift) {
        return entry & ADDRESS_MASK & -1L << pageShift;
    }

    /**
     * Assembles the entry of a page, coherent as Linux has it (FC). A size that is no level's default stands in the address.
     *
     * @param target start of the page, a multiple of its size
     * @param shift log2 of the size, 12 to 51
     * @param rights 1 read, 2 write
     */
    public static long page(long target, int shift, int rights) {
        boolean isSized = (shift - SMALLEST_SHIFT) % LEVEL_BITS != 0;
        long size = isSized ? (1L << shift - 1) - 1 & ADDRESS_MASK | (long) NEXT_LEVEL_SIZED << NEXT_LEVEL_SHIFT : 0;
        return target | size | FORCE_COHERENT | (long) rights << RIGHTS_SHIFT | PRESENT;
    }

    /** Assembles an entry that points to a table of level 1 to 5, with both rights. */
    public static long directory(long table, int level) {
        return table | (long) level << NEXT_LEVEL_SHIFT | (long) AccessKind.RIGHTS_ALL << RIGHTS_SHIFT | PRESENT;
    }

    /** What an entry found at a level says, in one line for people. */
    public static String describe(long entry) {
        if ((entry & PRESENT) == 0) {
            return "not present";
        }
        int rights = rights(entry);
        String granted = rights == AccessKind.RIGHTS_ALL
                ? "rw"
                : rights == AccessKind.RIGHT_READ ? "r" : rights == 0 ? "none" : "w";
        String address = "0x" + Long.toHexString(entry & ADDRESS_MASK);
        if (nextLevel(entry) == 0) {
            return "maps the page at " + address + ", rights " + granted;
        }
        if (nextLevel(entry) == NEXT_LEVEL_SIZED) {
            int shift = sizedShift(entry);
            return shift == 0
                    ? "maps a page of impossible size, rights " + granted
                    : "maps the page of 2^" + shift + " bytes at 0x" + Long.toHexString(pageBase(entry, shift))
                            + ", rights " + granted;
        }
        return "points to a level-" + nextLevel(entry) + " table at " + address + ", rights " + granted;
    }
}
