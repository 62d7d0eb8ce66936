package org.iorewind.samples.workload;

/** Which IOMMU stands behind the devices of a workload's guests. */
public enum Backend {
    /** A software vIOMMU with shadow tables, and a passthrough NIC in each guest. */
    SW,
    /** A hardware vIOMMU whose registers the guest has itself, and a passthrough NIC in each guest. */
    HW,
    /** Both: an emulated NIC behind a software and a passthrough NIC behind a hardware vIOMMU, which take turns. */
    HYBRID
}
