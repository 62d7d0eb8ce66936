package org.iorewind.model.iommu;

/** What the core reads or writes memory for. */
public enum MemoryUse {
    /** Command fetch. */
    COMMAND,
    /** Store of a COMPLETION_WAIT. */
    COMPLETION_STORE,
    /** Device table entry. */
    DEVICE_TABLE,
    /** Host page table entry. */
    PAGE_TABLE,
    /** Guest page table or GCR3 entry. */
    GUEST_TABLE,
    /** Interrupt remapping table entry. */
    INTERRUPT_TABLE,
    /** Log entry. */
    LOG,
    /** A guest's virtual APIC page. */
    GUEST_APIC_PAGE,
    /** ID map, dirty status or extended interrupt table of hardware vIOMMU. */
    VIRTUAL
}
