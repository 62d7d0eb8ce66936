package org.iorewind.model.platform.driver;

import org.iorewind.model.iommu.log.PageRequestDescriptor;

/**
 * A page request, as a driver reads it (reference 5.1).
 *
 * @param requester DeviceID
 * @param pasid PASID, or {@link org.iorewind.model.iommu.EffectSink#NO_PASID} with GN=0
 * @param group page request group index
 * @param isLast whether it ends its group
 * @param rights of {@link PageRequestDescriptor}
 * @param address of the page
 */
public record PageRequestRecord(int requester, int pasid, int group, boolean isLast, int rights, long address) {

    /** Reads an entry. */
    static PageRequestRecord of(LogEntry entry) {
        long q0 = entry.quadword0();
        return new PageRequestRecord(
                PageRequestDescriptor.requester(q0),
                PageRequestDescriptor.pasid(q0),
                PageRequestDescriptor.group(q0),
                PageRequestDescriptor.isLast(q0),
                PageRequestDescriptor.rights(q0),
                entry.quadword1() & PageRequestDescriptor.PAGE_MASK);
    }
}
