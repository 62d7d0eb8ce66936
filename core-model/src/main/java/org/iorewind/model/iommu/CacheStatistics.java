package org.iorewind.model.iommu;

import java.util.List;

/**
 * What the caches of an IOMMU have done since it was built. It tells how the present state came about and is no part of it:
 * it is neither hashed nor saved, and neither a reset nor a restored state sets it back. Immutable.
 *
 * @param hostTlb the IOTLB, translations without PASID
 * @param guestTlb the IOTLB, translations with PASID
 * @param hostDirectories directories of host tables; index 0 stands for level-1 tables, up to level 5
 * @param guestDirectories directories of guest tables; index 0 stands for level-1 tables, up to level 4
 * @param gcr3Results roots of guest tables, found by PASID
 * @param guestPhysical host translations of addresses of guest structures
 * @param deviceEntries the device table cache
 * @param interruptEntries the interrupt table cache
 * @param hostTableReads entries of host tables read for addresses of a device's own
 * @param nestedTableReads entries of host tables read within guest walks
 * @param guestTableReads entries of GCR3 tables and guest page tables read
 */
public record CacheStatistics(
        CacheCounts hostTlb,
        CacheCounts guestTlb,
        List<CacheCounts> hostDirectories,
        List<CacheCounts> guestDirectories,
        CacheCounts gcr3Results,
        CacheCounts guestPhysical,
        CacheCounts deviceEntries,
        CacheCounts interruptEntries,
        long hostTableReads,
        long nestedTableReads,
        long guestTableReads) {}
