package org.iorewind.model.iommu.log;

/** Takes the faults of guests' own tables to the guests' logs. */
public interface GuestFaults {
    /**
     * A page fault, with the IDs of the guest.
     *
     * @return false when it is not for the guest's log but for the host's
     */
    boolean pageFault(int guest, int guestDevice, int pasid, int flags, long address);
}
