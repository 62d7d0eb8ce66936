package org.iorewind.model.platform.vmm;

/** What a VMM could not show to the host of a guest's tables; the device meets a fault there. */
public enum ShadowError {
    /** VFIO's dma_entry_limit: 65,535 mappings (amd-viommu reference 9.4). */
    DMA_ENTRY_LIMIT,
    /** A page leads to memory that the guest does not have. */
    OUTSIDE_MEMORY,
    /** The tables are larger than the VMM reads. */
    TABLES_TOO_LARGE,
    /** The guest wants tables of a format that cannot be shadowed. */
    FORMAT,
    /** The host's tables do not reach as far. */
    OUT_OF_REACH
}
