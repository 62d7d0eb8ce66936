package org.iorewind.model.iommu;

/** Why the IOMMU raises an interrupt of its own. */
public enum OwnInterrupt {
    /** An event was logged or the log overflowed. */
    EVENT_LOG,
    /** A COMPLETION_WAIT with i=1 finished. */
    COMPLETION_WAIT,
    /** A page request was logged. */
    PPR_LOG,
    /** A guest APIC entry was logged. */
    GUEST_APIC_LOG
}
