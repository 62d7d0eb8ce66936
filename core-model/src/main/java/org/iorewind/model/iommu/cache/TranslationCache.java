package org.iorewind.model.iommu.cache;

import org.iorewind.model.StateHasher;

/**
 * A cache of translations. A successful look-up leaves its answer in the accessors until the next call. A cache answers
 * one of the two look-ups, and misses the other always: what it is keyed by is its own affair. Not thread-safe.
 */
public interface TranslationCache {
    /** Returned by {@link #invalidateDevice} of a cache that 04h does not concern. */
    int NOT_CONCERNED = -1;

    /** Looks a request up by its DeviceID, before any table is consulted. */
    boolean findForDevice(int requester, long address);

    /** Looks a request up by its DomainID, when the device table entry is known. */
    boolean findForDomain(int domain, long address);

    /** Start of the page found. */
    long result();

    /** log2 of the size of the page found. */
    int pageShift();

    /** Rights of the page found: 1 read, 2 write. */
    int rights();

    /** DomainID under which the page found was cached. */
    int domain();

    /** Whether the page found stands for a request that was passed, not translated. */
    boolean isPassed();

    /** Remembers a translation. */
    void insert(int requester, int domain, long address, long result, int pageShift, int rights);

    /** Remembers that a request passed untranslated. */
    void insertPassed(int requester, int domain, long address, int rights);

    /** Whether INVALIDATE_IOMMU_PAGES drops host translations even when its GN bit names guest translations. */
    boolean ignoresGuestBit();

    /**
     * INVALIDATE_IOMMU_PAGES: drops what overlaps the inclusive, unsigned range.
     *
     * @return how many entries went
     */
    int invalidateDomain(int domain, long first, long last);

    /**
     * INVALIDATE_IOTLB_PAGES, as far as it concerns this cache.
     *
     * @return how many entries went, or {@link #NOT_CONCERNED}
     */
    int invalidateDevice(int requester, boolean manyPages, long address);

    /**
     * Drops everything.
     *
     * @return how many entries went
     */
    int invalidateAll();

    /** Adds the contents and the order of replacement. */
    void hashInto(StateHasher hasher);

    /** Makes an empty cache. */
    interface Maker {
        /**
         * Makes a cache.
         *
         * @param sets a power of two
         * @param ways at least 1
         */
        TranslationCache make(int sets, int ways);
    }
}
