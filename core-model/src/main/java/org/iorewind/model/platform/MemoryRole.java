package org.iorewind.model.platform;

/** What software uses the memory for that it writes. */
public enum MemoryRole {
    /** Anything else: buffers, completion words, descriptors. */
    DATA,
    /** Device table. */
    DEVICE_TABLE,
    /** Command ring. */
    COMMAND_RING,
    /** Event log. */
    EVENT_LOG,
    /** PPR log. */
    PPR_LOG,
    /** Interrupt remapping table. */
    INTERRUPT_TABLE,
    /** Host (v1) page table; the level is not told. */
    HOST_TABLE,
    /** Guest (v2) page table. */
    GUEST_TABLE,
    /** GCR3 table. */
    GCR3_TABLE,
    /** Memory behind the IOMMU's private address space: registers, ID maps, dirty status. */
    PRIVATE
}
