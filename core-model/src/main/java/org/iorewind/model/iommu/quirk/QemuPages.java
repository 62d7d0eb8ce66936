package org.iorewind.model.iommu.quirk;

import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.iommu.translate.HostWalk;
import org.iorewind.model.iommu.translate.WalkState;

/** What both QEMU walks make of the entry that ends them. */
final class QemuPages {
    /** A size of ones only gives a page of 2^53 bytes at address 0 (Q-WALK-8). */
    private static final int ALL_ONES_SHIFT = 53;

    private QemuPages() {}

    /** Grants the entry's own rights on the page; its size is taken without asking whether the level allows it. */
    static HostWalk.Outcome grant(WalkState state, long entry, int level) {
        int shift = PageEntryDescriptor.nextLevel(entry) == 0
                ? PageEntryDescriptor.defaultShift(level)
                : PageEntryDescriptor.sizedShift(entry);
        return page(state, entry, shift == 0 ? ALL_ONES_SHIFT : shift);
    }

    /** Takes an entry, directory or not, as a page of the level's default size (Q-WALK-7). */
    static HostWalk.Outcome grantOfLevel(WalkState state, long entry, int level) {
        return page(state, entry, PageEntryDescriptor.defaultShift(level));
    }

    private static HostWalk.Outcome page(WalkState state, long entry, int shift) {
        int rights = PageEntryDescriptor.rights(entry);
        return state.page(PageEntryDescriptor.pageBase(entry, shift), shift, rights, rights);
    }
}
