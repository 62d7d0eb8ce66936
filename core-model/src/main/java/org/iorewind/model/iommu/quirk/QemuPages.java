package org.iorewind.model.iommu.quirk;

import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.iommu.translate.FaultCause;
import org.iorewind.model.iommu.translate.HostWalk;
import org.iorewind.model.iommu.translate.WalkState;

/** What both QEMU walks make of the entry that ends them. */
final class QemuPages {
    private QemuPages() {}

    /**
     * Grants the entry's own rights on the page; its size is taken without asking whether the level allows it.
     *
     * @param allOnesShift log2 of the page's size when all bits of its size are ones; 0 when that is a fault
     */
    static HostWalk.Outcome grant(WalkState state, long entry, int level, int allOnesShift) {
        int shift = PageEntryDescriptor.nextLevel(entry) == 0
                ? PageEntryDescriptor.defaultShift(level)
                : PageEntryDescriptor.sizedShift(entry);
        if (shift == 0) {
            shift = allOnesShift;
        }
        if (shift == 0) {
            return state.fault(FaultCause.PAGE_SIZE);
        }
        int rights = PageEntryDescriptor.rights(entry);
        return state.page(PageEntryDescriptor.pageBase(entry, shift), shift, rights, rights);
    }
}
