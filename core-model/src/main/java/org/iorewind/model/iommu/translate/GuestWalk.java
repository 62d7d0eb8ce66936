package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.table.GuestEntryDescriptor;
import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.iommu.translate.HostWalk.Outcome;

/**
 * The guest walk of reference 6.2 and 6.3, from the GCR3 root in the device table entry to a page. Every access to a guest
 * structure and the final address take the host stage inside {@link GuestWalkState}.
 *
 * <pre>
 *   PASID ─▶ GCR3, 1 to 3 levels ─▶ v2, 4 or 5 levels ─▶ rights ─▶ A, D ─▶ final address
 *              │      each entry's address: host stage    │                     │
 *              └──────────────────────────────────────────┘                host stage ─▶ page
 * </pre>
 *
 * <p>A cached directory or GCR3 result shortens it. A fault found below one stands: the walk is not begun again from the root
 * (MC-124). Stateless. At most three and five rounds, each with one host walk.
 */
final class GuestWalk {
    private GuestWalk() {}

    /** Walks; the request's PASID and address are in range. */
    static Outcome walk(GuestWalkState state) {
        // 1. What the caches know spares the upper part of the walk.
        return state.start() || walkRoots(state) ? walkPages(state) : state.outcome();
    }

    /** Finds the root of the guest's page tables; false when the walk has ended. */
    private static boolean walkRoots(GuestWalkState state) {
        // 2. GCR3 tables. The root is what GCR3TRPMode says; pointers in the tables are guest physical (MC-49).
        int pasid = state.request().guestPasid();
        long table = state.deviceEntry().gcr3Root();
        boolean isGuestPhysical = state.isRootGuestPhysical();
        for (int level = state.deviceEntry().gcr3Levels(); level > 0; level--) {
            long at = GuestEntryDescriptor.gcr3EntryAddress(table, level, pasid);
            if (!state.fetch(GuestTable.GCR3, level, at, isGuestPhysical)) {
                return false;
            }
            if ((state.entry() & GuestEntryDescriptor.PRESENT) == 0) {
                state.fault(FaultCause.NO_GUEST_ROOT);
                return false;
            }
            if ((state.entry() & GuestEntryDescriptor.RESERVED_IN_GCR3) != 0) {
                state.fault(FaultCause.RESERVED_BITS);
                return false;
            }
            table = state.entry() & GuestEntryDescriptor.ADDRESS_MASK;
            isGuestPhysical = true;
        }
        state.rootFound(table);
        return true;
    }

    private static Outcome walkPages(GuestWalkState state) {
        long address = state.request().address();
        long table = state.startTable();
        int rights = state.startRights();
        for (int level = state.startLevel(); ; level--) {
            // 3. Read the entry.
            if (!state.fetch(GuestTable.PAGE, level, PageEntryDescriptor.entryAddress(table, level, address), true)) {
                return state.outcome();
            }
            long entry = state.entry();
            // 4. P=0: nothing else counts.
            if ((entry & GuestEntryDescriptor.PRESENT) == 0) {
                return state.fault(FaultCause.NOT_PRESENT);
            }
            // 5. Reserved bits.
            if ((entry & GuestEntryDescriptor.reserved(entry, level, state.hasNoExecute())) != 0) {
                return state.fault(FaultCause.RESERVED_BITS);
            }
            // 6. Rights accumulate.
            rights &= GuestEntryDescriptor.rights(entry);
            if (GuestEntryDescriptor.isPage(entry, level)) {
                // 7. They are checked at the page, as processors do (MC-50), before the host is asked for the page.
                if (!state.request().isAllowedBy(rights)) {
                    return state.fault(FaultCause.NO_GUEST_RIGHT);
                }
                // 8. A and D, then the host stage of the final address, with the request's own access.
                int shift = PageEntryDescriptor.defaultShift(level);
                long base = PageEntryDescriptor.pageBase(entry, shift);
                int cached = rights | GuestEntryDescriptor.cachedAttributes(entry);
                return state.page(base | address & (1L << shift) - 1, shift, cached);
            }
            table = entry & GuestEntryDescriptor.ADDRESS_MASK;
        }
    }
}
