package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.table.PageEntryDescriptor;

/**
 * The walk of reference 6.1, its steps in that order. At most six rounds, since the level falls in each. A fault found below a
 * cached directory stands: the walk is not begun again from the root (MC-124).
 */
public final class SpecifiedHostWalk implements HostWalk {
    /** The one instance; it has no state. */
    public static final HostWalk INSTANCE = new SpecifiedHostWalk();

    private SpecifiedHostWalk() {}

    @Override
    public Outcome walk(WalkState state) {
        long address = state.address();
        int mode = state.deviceEntry().mode();
        // 1. Address bits above what Mode covers must be zero.
        if (mode < PageEntryDescriptor.TOP_LEVEL && address >>> PageEntryDescriptor.defaultShift(mode + 1) != 0) {
            return state.fault(FaultCause.ADDRESS_TOO_WIDE);
        }
        // 2. A cached directory spares the upper part of the walk; what the entries above it permit still counts.
        int level = state.start();
        long table = state.startTable();
        int tableRights = state.startRights();
        if (!state.access().isAllowedBy(tableRights & state.entryRights())) {
            return state.fault(FaultCause.NO_RIGHT);
        }
        while (true) {
            // 3. Read the entry.
            if (!state.fetch(level, PageEntryDescriptor.entryAddress(table, level, address))) {
                return Outcome.MEMORY_FAILURE;
            }
            long entry = state.entry();
            // 4. PR=0: nothing else counts.
            if ((entry & PageEntryDescriptor.PRESENT) == 0) {
                return state.fault(FaultCause.NOT_PRESENT);
            }
            // 5. Reserved bits.
            boolean isPage = PageEntryDescriptor.isPage(entry);
            long reserved = isPage ? PageEntryDescriptor.RESERVED_IN_PAGE : PageEntryDescriptor.RESERVED_IN_DIRECTORY;
            if ((entry & reserved) != 0) {
                return state.fault(FaultCause.RESERVED_BITS);
            }
            // 6. Rights accumulate, and are checked at each level (MC-10).
            tableRights &= PageEntryDescriptor.rights(entry);
            int granted = tableRights & state.entryRights();
            if (!state.access().isAllowedBy(granted)) {
                return state.fault(FaultCause.NO_RIGHT);
            }
            // 7. A page ends the walk, and then A and D are set; a directory must lead downwards.
            if (isPage) {
                int shift = pageShift(entry, level);
                return shift == 0
                        ? state.fault(FaultCause.PAGE_SIZE)
                        : state.pageUsed(PageEntryDescriptor.pageBase(entry, shift), shift, tableRights, granted);
            }
            int next = PageEntryDescriptor.nextLevel(entry);
            if (next >= level) {
                return state.fault(FaultCause.NEXT_LEVEL);
            }
            // 8. Address bits of skipped levels must be zero.
            if (skippedBits(address, next, level) != 0) {
                return state.fault(FaultCause.SKIPPED_BITS);
            }
            table = entry & PageEntryDescriptor.ADDRESS_MASK;
            level = next;
        }
    }

    /** log2 of the page size, or 0 when the encoding is not allowed at this level. */
    private static int pageShift(long entry, int level) {
        if (level == PageEntryDescriptor.TOP_LEVEL) {
            return 0;
        }
        int ownShift = PageEntryDescriptor.defaultShift(level);
        if (PageEntryDescriptor.nextLevel(entry) == 0) {
            return ownShift;
        }
        int shift = PageEntryDescriptor.sizedShift(entry);
        return shift > ownShift && shift < PageEntryDescriptor.defaultShift(level + 1) ? shift : 0;
    }

    private static long skippedBits(long address, int next, int level) {
        long belowLevel = (1L << PageEntryDescriptor.defaultShift(level)) - 1;
        long belowNextTable = (1L << PageEntryDescriptor.defaultShift(next + 1)) - 1;
        return address & belowLevel & ~belowNextTable;
    }
}
