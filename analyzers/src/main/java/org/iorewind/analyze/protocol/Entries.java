package org.iorewind.analyze.protocol;

import org.iorewind.model.iommu.table.GuestEntryDescriptor;
import org.iorewind.model.iommu.table.PageEntryDescriptor;

/** Entries of host and guest tables by one set of questions. Stateless. */
final class Entries {
    private static final int SIZED_INVALID = 0;

    private Entries() {}

    static boolean isPresent(long entry) {
        return (entry & 1) != 0;
    }

    /** Whether a present entry maps a page. */
    static boolean isPage(AddressSpace space, long entry, int level) {
        return space.isGuests() ? GuestEntryDescriptor.isPage(entry, level) : PageEntryDescriptor.isPage(entry);
    }

    /** Level of the table that a present entry leads to. */
    static int nextLevel(AddressSpace space, long entry, int level) {
        return space.isGuests() ? level - 1 : PageEntryDescriptor.nextLevel(entry);
    }

    /** Table that a present entry leads to, as the IOMMU names it. */
    static long table(long entry) {
        return entry & PageEntryDescriptor.ADDRESS_MASK;
    }

    /** Where the entry for an address maps it to, as the IOMMU names it. */
    static long target(AddressSpace space, long entry, int level, long address) {
        int shift = PageEntryDescriptor.defaultShift(level);
        if (!space.isGuests() && PageEntryDescriptor.nextLevel(entry) == PageEntryDescriptor.NEXT_LEVEL_SIZED) {
            int sized = PageEntryDescriptor.sizedShift(entry);
            if (sized != SIZED_INVALID) {
                return PageEntryDescriptor.pageBase(entry, sized) | address & (1L << sized) - 1 & -1L << shift;
            }
        }
        return entry & PageEntryDescriptor.ADDRESS_MASK & -1L << shift;
    }

    /** 1 read, 2 write. */
    static int rights(AddressSpace space, long entry) {
        return space.isGuests() ? GuestEntryDescriptor.rights(entry) & 3 : PageEntryDescriptor.rights(entry);
    }

    /** Bytes that an entry at this level translates, as log2. */
    static int shift(int level) {
        return PageEntryDescriptor.defaultShift(level);
    }
}
