package org.iorewind.model.memory;

/** What the IOMMU does with memory, as far as failures are told apart. */
public enum MemoryAccess {
    /** A fetch of one to four quadwords. */
    LOAD,
    /** A store of one quadword. */
    STORE
}
