package org.iorewind.model.iommu.quirk;

import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.iommu.translate.FaultCause;
import org.iorewind.model.iommu.translate.HostWalk;
import org.iorewind.model.iommu.translate.WalkState;

/**
 * The walk of QEMU 7.2 and 10.0 (Q-WALK-1 to Q-WALK-5, Q-WALK-8).
 *
 * <p>The requested right is needed in the device table entry and in each directory; the last entry is checked neither for
 * PR nor for rights, and its rights alone are granted. An entry of zero ends the walk. Addresses wrap at the width of Mode,
 * skipped bits do not matter, and NextLevel may rise: QEMU then loops for ever, this walk gives up after a number of rounds
 * that no legal table needs.
 */
final class QemuTenHostWalk implements HostWalk {
    static final HostWalk INSTANCE = new QemuTenHostWalk();

    private static final int MOST_ROUNDS = 16;

    private QemuTenHostWalk() {}

    @Override
    public Outcome walk(WalkState state) {
        int level = state.deviceEntry().mode();
        long table = state.deviceEntry().root();
        int upperRights = state.deviceEntry().rights();
        boolean isPresent = true;
        for (int round = 0; round < MOST_ROUNDS; round++) {
            if (!isPresent) {
                return state.fault(FaultCause.NOT_PRESENT);
            }
            if (!state.access().isAllowedBy(upperRights)) {
                return state.fault(FaultCause.NO_RIGHT);
            }
            if (!state.fetch(level, PageEntryDescriptor.entryAddress(table, level, state.address()))) {
                return Outcome.MEMORY_FAILURE;
            }
            long entry = state.entry();
            if (entry == 0) {
                return state.fault(FaultCause.NOT_PRESENT);
            }
            if (PageEntryDescriptor.isPage(entry)) {
                return QemuPages.grant(state, entry, level);
            }
            isPresent = (entry & PageEntryDescriptor.PRESENT) != 0;
            upperRights = PageEntryDescriptor.rights(entry);
            table = entry & PageEntryDescriptor.ADDRESS_MASK;
            level = PageEntryDescriptor.nextLevel(entry);
        }
        return state.fault(FaultCause.NEXT_LEVEL);
    }
}
