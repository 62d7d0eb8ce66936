package org.iorewind.model.iommu;

/** The caches that shorten a walk. */
public enum WalkCache {
    /** Directories of host tables, by DomainID, address and level. */
    HOST_DIRECTORY,
    /** Directories of guest tables and results of GCR3 tables, by DomainID, PASID, address and level. */
    GUEST_DIRECTORY,
    /** Host translations of the addresses of guest structures, by DomainID and guest physical address. */
    GUEST_PHYSICAL
}
