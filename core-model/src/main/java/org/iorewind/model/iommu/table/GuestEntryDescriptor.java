package org.iorewind.model.iommu.table;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.GuestTable;

/**
 * Entries of GCR3 tables and of guest (v2) page tables (reference 6.2).
 *
 * <pre>
 *  GCR3 63       52 51                                      12 11                       1  0
 *      ┌───────────┬──────────────────────────────────────────┬──────────────────────────┬──┐
 *      │ reserved  │ next GCR3 table, or root of a v2 table   │         reserved         │ V│
 *      └───────────┴──────────────────────────────────────────┴──────────────────────────┴──┘
 *  v2   63 62    52 51                                      12 11   9 8  7  6 5  4   3  2  1  0
 *      ┌──┬────────┬──────────────────────────────────────────┬──────┬─┬──┬─┬─┬───┬───┬──┬──┬──┐
 *      │NX│ avail  │     page address, or next table          │avail │G│PS│D│A│PCD│PWT│US│RW│ P│
 *      └──┴────────┴──────────────────────────────────────────┴──────┴─┴──┴─┴─┴───┴───┴──┴──┴──┘
 *       PS: page of 2 MiB at level 2, of 1 GiB at level 3; PAT at level 1; reserved above.
 *       A large page has PAT in bit 12, and zeros between it and its address.
 * </pre>
 *
 * <p>Which bits are reserved in v2 entries follows the processor's long mode (MC-45).
 */
public final class GuestEntryDescriptor {
    /** V of a GCR3 entry, P of a v2 entry. */
    public static final long PRESENT = 1;
    /** R/W: may be written. */
    public static final long WRITABLE = 1L << 1;
    /** U/S: may be used by user requests. */
    public static final long USER = 1L << 2;
    /** A. */
    public static final long ACCESSED = 1L << 5;
    /** D, in the entry of a page. */
    public static final long DIRTY = 1L << 6;
    /** PS: a large page, at levels 2 and 3. */
    public static final long PAGE_SIZE = 1L << 7;
    /** NX: may not be executed. */
    public static final long NO_EXECUTE = 1L << 63;
    /** Page or table address. */
    public static final long ADDRESS_MASK = 0x000F_FFFF_FFFF_F000L;
    /** Bits 11:1 and 63:52 of a GCR3 entry. */
    public static final long RESERVED_IN_GCR3 = 0xFFF0_0000_0000_0FFEL;
    /** Index bits of each GCR3 level. */
    public static final int GCR3_LEVEL_BITS = 9;
    /** Bits of a PASID. */
    public static final int PASID_BITS = 20;
    /** The highest level whose entries may be pages. */
    public static final int TOP_PAGE_LEVEL = 3;

    /** Right of user requests, beside those of {@link AccessKind}. */
    public static final int RIGHT_USER = 4;
    /** Right to execute. */
    public static final int RIGHT_EXECUTE = 8;
    /** All four. */
    public static final int RIGHTS_ALL = AccessKind.RIGHTS_ALL | RIGHT_USER | RIGHT_EXECUTE;

    /** Beside the rights in a cache: D is known to be set in the guest's tables, so that a write need not set it. */
    public static final int CACHED_DIRTY = 256;

    /** Beside the rights in a cache: G, so that the translation serves all PASIDs. */
    public static final int CACHED_GLOBAL = 128;

    private static final long GLOBAL = 1L << 8;
    private static final long INDEX_MASK = (1L << GCR3_LEVEL_BITS) - 1;
    private static final int LOWEST_UNUSED_BIT = 13;

    private GuestEntryDescriptor() {}

    /** Address of the entry for a PASID in a GCR3 table of this level, 1 being the last. */
    public static long gcr3EntryAddress(long table, int level, int pasid) {
        return table + (pasid >>> GCR3_LEVEL_BITS * (level - 1) & INDEX_MASK) * Long.BYTES;
    }

    /** Whether a present v2 entry ends the walk. */
    public static boolean isPage(long entry, int level) {
        return level == 1 || level <= TOP_PAGE_LEVEL && (entry & PAGE_SIZE) != 0;
    }

    /** Reserved bits of a present v2 entry at this level. */
    public static long reserved(long entry, int level, boolean hasNoExecute) {
        long mask = hasNoExecute ? 0 : NO_EXECUTE;
        if (level > TOP_PAGE_LEVEL) {
            return mask | PAGE_SIZE;
        }
        if (level > 1 && (entry & PAGE_SIZE) != 0) {
            mask |= (1L << PageEntryDescriptor.defaultShift(level)) - (1L << LOWEST_UNUSED_BIT);
        }
        return mask;
    }

    /** What a present v2 entry permits: reading always, the rest by R/W, U/S and NX. */
    public static int rights(long entry) {
        return AccessKind.RIGHT_READ
                | ((entry & WRITABLE) != 0 ? AccessKind.RIGHT_WRITE : 0)
                | ((entry & USER) != 0 ? RIGHT_USER : 0)
                | ((entry & NO_EXECUTE) != 0 ? 0 : RIGHT_EXECUTE);
    }

    /** G of a page as caches keep it beside the rights. */
    public static int cachedAttributes(long entry) {
        return (entry & GLOBAL) != 0 ? CACHED_GLOBAL : 0;
    }

    /**
     * Whether v2 tables of this many levels cover an address: sign-extended, as processors have it, for all PASIDs but 0;
     * PASID 0, which GIoV serves, takes zero-extended addresses (MC-44).
     */
    public static boolean isCovered(long address, int levels, int pasid) {
        int width = PageEntryDescriptor.defaultShift(levels + 1);
        return pasid == 0 ? address >>> width == 0 : address << Long.SIZE - width >> Long.SIZE - width == address;
    }

    /**
     * Assembles the v2 entry of a page for user requests, its A and D set ahead as Linux does (reference 6.2).
     *
     * @param target start of the page, a multiple of its size
     * @param shift log2 of the size: 12, 21 or 30
     * @param rights {@link AccessKind#RIGHT_WRITE} counts; reading is always permitted
     */
    public static long page(long target, int shift, int rights) {
        return target
                | ((rights & AccessKind.RIGHT_WRITE) != 0 ? WRITABLE | DIRTY : 0)
                | (shift > PageEntryDescriptor.SMALLEST_SHIFT ? PAGE_SIZE : 0)
                | USER
                | ACCESSED
                | PRESENT;
    }

    /** Assembles a v2 entry that points to a table, with all rights. */
    public static long directory(long table) {
        return table | WRITABLE | USER | ACCESSED | PRESENT;
    }

    /** What an entry says, in one line for people. */
    public static String describe(GuestTable table, int level, long entry) {
        if ((entry & PRESENT) == 0) {
            return table == GuestTable.GCR3 ? "no valid GCR3 entry" : "guest entry is not present";
        }
        String address = "0x" + Long.toHexString(entry & ADDRESS_MASK);
        if (table == GuestTable.GCR3) {
            return (level == 1 ? "holds the guest table root " : "points to a level-" + (level - 1) + " GCR3 table at ")
                    + address;
        }
        int rights = rights(entry);
        String granted = ((rights & AccessKind.RIGHT_WRITE) != 0 ? "rw" : "r")
                + ((rights & RIGHT_EXECUTE) != 0 ? "x" : "")
                + ((rights & RIGHT_USER) != 0 ? ", user" : ", supervisor");
        return isPage(entry, level)
                ? "maps the guest page at 0x"
                        + Long.toHexString(PageEntryDescriptor.pageBase(entry, PageEntryDescriptor.defaultShift(level)))
                        + ", rights " + granted
                : "points to a level-" + (level - 1) + " guest table at " + address + ", rights " + granted;
    }
}
