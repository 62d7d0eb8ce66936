package org.iorewind.model.iommu.quirk;

import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.iommu.translate.FaultCause;
import org.iorewind.model.iommu.translate.HostWalk;
import org.iorewind.model.iommu.translate.WalkState;

/**
 * The walk of QEMU 11.1 (Q-WALK-2, Q-WALK-4, Q-WALK-6 to Q-WALK-8): rights are combined only to see whether any is left; what
 * is granted, and what the request is checked against, are the rights of the last entry alone. Reserved and skipped bits do
 * not matter. At most six rounds, since the level falls in each.
 */
final class QemuElevenHostWalk implements HostWalk {
    static final HostWalk INSTANCE = new QemuElevenHostWalk();

    private QemuElevenHostWalk() {}

    @Override
    public Outcome walk(WalkState state) {
        long address = state.address();
        int level = state.deviceEntry().mode();
        long table = state.deviceEntry().root();
        int left = state.deviceEntry().rights();
        if (level < PageEntryDescriptor.TOP_LEVEL && address >>> PageEntryDescriptor.defaultShift(level + 1) != 0) {
            return state.fault(FaultCause.ADDRESS_TOO_WIDE);
        }
        if (left == 0) {
            return state.fault(FaultCause.NO_RIGHT);
        }
        while (true) {
            if (!state.fetch(level, PageEntryDescriptor.entryAddress(table, level, address))) {
                return Outcome.MEMORY_FAILURE;
            }
            long entry = state.entry();
            if ((entry & PageEntryDescriptor.PRESENT) == 0) {
                return state.fault(FaultCause.NOT_PRESENT);
            }
            int rights = PageEntryDescriptor.rights(entry);
            left &= rights;
            if (left == 0 || PageEntryDescriptor.isPage(entry)) {
                boolean isUsable = rights != 0 && state.access().isAllowedBy(rights);
                if (!isUsable) {
                    return state.fault(FaultCause.NO_RIGHT);
                }
                return left == 0 ? QemuPages.grantOfLevel(state, entry, level) : QemuPages.grant(state, entry, level);
            }
            int next = PageEntryDescriptor.nextLevel(entry);
            if (next >= level) {
                return state.fault(FaultCause.NEXT_LEVEL);
            }
            table = entry & PageEntryDescriptor.ADDRESS_MASK;
            level = next;
        }
    }
}
