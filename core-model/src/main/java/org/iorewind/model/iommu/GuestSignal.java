package org.iorewind.model.iommu;

/** Why hardware vIOMMU raises an interrupt for a guest (amd-viommu reference 5.5). */
public enum GuestSignal {
    /** An event stands in the guest's log, or the log overflowed. */
    EVENT_LOG,
    /** A page request stands in the guest's log, or the log overflowed. */
    PPR_LOG,
    /** A COMPLETION_WAIT of the guest's ring with i=1 is done. */
    COMPLETION_WAIT
}
