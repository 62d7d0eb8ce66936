package org.iorewind.model.iommu;

/** The logs of an IOMMU. */
public enum LogKind {
    /** Event log. */
    EVENT,
    /** Peripheral page request log. */
    PPR,
    /** Guest virtual APIC log. */
    GUEST_APIC
}
