package org.iorewind.model.iommu;

/** The kinds of tables that a guest walk reads. */
public enum GuestTable {
    /** From a PASID to the root of a page table. */
    GCR3,
    /** Guest (v2) page table. */
    PAGE
}
