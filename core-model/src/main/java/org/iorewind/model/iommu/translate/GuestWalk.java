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
 *   PASID ─▶ GCR3, 1 to 3 levels ─▶ v2, 4 or 5 levels ─▶ rights ─▶ final address
 *              │      each entry's address: host walk     │              │
 *              └──────────────────────────────────────────┘          host walk ─▶ page
 * </pre>
 *
 * <p>Accessed and dirty bits of guest entries are not written (MC-53). Stateless. At most three and five rounds, each with one host walk.
 */
final class GuestWalk {
    private GuestWalk() {}

    /** Walks; the request's PASID and address are in range. */
    static Outcome walk(GuestWalkState state) {
        // 1. GCR3 tables. The root is what GCR3TRPMode says; pointers in the tables are guest physical (MC-49).
        int pasid = state.request().guestPasid();
        long table = state.deviceEntry().gcr3Root();
        boolean isGuestPhysical = state.isRootGuestPhysical();
        for (int level = state.deviceEntry().gcr3Levels(); level > 0; level--) {
            long at = GuestEntryDescriptor.gcr3EntryAddress(table, level, pasid);
            if (!state.fetch(GuestTable.GCR3, level, at, isGuestPhysical)) {
                return state.outcome();
            }
            if ((state.entry() & GuestEntryDescriptor.PRESENT) == 0) {
                return state.fault(FaultCause.NO_GUEST_ROOT);
            }
            if ((state.entry() & GuestEntryDescriptor.RESERVED_IN_GCR3) != 0) {
                return state.fault(FaultCause.RESERVED_BITS);
            }
            table = state.entry() & GuestEntryDescriptor.ADDRESS_MASK;
            isGuestPhysical = true;
        }
        return walkPages(state, table);
    }

    private static Outcome walkPages(GuestWalkState state, long root) {
        long address = state.request().address();
        long table = root;
        int rights = GuestEntryDescriptor.RIGHTS_ALL;
        for (int level = state.deviceEntry().guestLevels(); ; level--) {
            // 2. Read the entry.
            if (!state.fetch(GuestTable.PAGE, level, PageEntryDescriptor.entryAddress(table, level, address), true)) {
                return state.outcome();
            }
            long entry = state.entry();
            // 3. P=0: nothing else counts.
            if ((entry & GuestEntryDescriptor.PRESENT) == 0) {
                return state.fault(FaultCause.NOT_PRESENT);
            }
            // 4. Reserved bits.
            if ((entry & GuestEntryDescriptor.reserved(entry, level, state.hasNoExecute())) != 0) {
                return state.fault(FaultCause.RESERVED_BITS);
            }
            // 5. Rights accumulate.
            rights &= GuestEntryDescriptor.rights(entry);
            if (GuestEntryDescriptor.isPage(entry, level)) {
                // 6. They are checked at the page, as processors do (MC-50), before the host is asked for the page.
                if (!state.request().isAllowedBy(rights)) {
                    return state.fault(FaultCause.NO_GUEST_RIGHT);
                }
                // 7. The final address goes through the host stage with the request's own access.
                int shift = PageEntryDescriptor.defaultShift(level);
                long base = PageEntryDescriptor.pageBase(entry, shift);
                return state.page(base | address & (1L << shift) - 1, shift, rights);
            }
            table = entry & GuestEntryDescriptor.ADDRESS_MASK;
        }
    }
}
