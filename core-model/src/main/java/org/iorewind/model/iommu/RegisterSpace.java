package org.iorewind.model.iommu;

/** The register files of an IOMMU with hardware vIOMMU (amd-viommu reference 1.4, 3). */
public enum RegisterSpace {
    /** MMIO window of the host. */
    HOST,
    /** VF MMIO BAR: 4 KiB for each GuestID, the image of the guest's third 4 KiB. */
    VF,
    /** VF-control MMIO BAR: 64 bytes for each GuestID, what hardware must know of the guest's first 4 KiB. */
    VF_CONTROL,
    /** Configuration space of the IOMMU's PCI function. */
    PCI_CONFIG
}
