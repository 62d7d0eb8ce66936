package org.iorewind.model.iommu.cache;

import java.util.List;
import org.iorewind.model.Stateful;

/**
 * A cache of translations. A successful look-up leaves its answer in the accessors until the next call. A cache answers
 * one of the first two look-ups, and misses the other always: what it is keyed by is its own affair. Guest translations are
 * apart from both: neither kind ever answers for the other, and a cache may know none, which is what the methods that
 * concern them do here. Not thread-safe.
 */
public interface TranslationCache extends Stateful {
    /** Returned by {@link #invalidateDevice} of a cache that 04h does not concern. */
    int NOT_CONCERNED = -1;

    /** Looks a request up by its DeviceID, before any table is consulted. */
    boolean findForDevice(int requester, long address);

    /** Looks a request up by its DomainID, when the device table entry is known. */
    boolean findForDomain(int domain, long address);

    /** Looks up a guest virtual address, when the device table entry is known. */
    default boolean findForGuest(int domain, int pasid, long address) {
        return false;
    }

    /**
     * Whether a look-up of an address without PASID would find an entry; no use of it, and not counted.
     *
     * @param requester DeviceID
     * @param domain DomainID, or -1 when it is not known
     */
    boolean holds(int requester, int domain, long address);

    /** What it holds, in the order of its places; no use of any entry, and not counted. */
    List<CachedTranslation> entries();

    /** Start of the page found. */
    long result();

    /** log2 of the size of the page found. */
    int pageShift();

    /**
     * Rights of the page found: 1 read, 2 write; for guest translations also 4 user, 8 execute; and what else was inserted
     * with them.
     */
    int rights();

    /** DomainID under which the page found was cached. */
    int domain();

    /** Whether the page found stands for a request that was passed, not translated. */
    boolean isPassed();

    /** Whether what was found says that the address is not mapped. */
    default boolean isNotPresent() {
        return false;
    }

    /** Remembers a translation. */
    void insert(int requester, int domain, long address, long result, int pageShift, int rights);

    /**
     * Remembers a guest translation.
     *
     * @param domain DomainID
     * @param pasid PASID
     * @param address guest virtual address
     * @param result start of the page that both stages agree on
     * @param pageShift log2 of its size
     * @param rights 1 read, 2 write, 4 user, 8 execute
     * @param guestShift log2 of the size of the guest's own page, at least {@code pageShift}
     * @param isCombined whether the host's tables had a part in it
     */
    default void insertGuest(
            int domain,
            int pasid,
            long address,
            long result,
            int pageShift,
            int rights,
            int guestShift,
            boolean isCombined) {}

    /**
     * Remembers that nothing is mapped at an address, as hardware with NpCache may.
     *
     * @param pasid PASID, or {@link org.iorewind.model.iommu.EffectSink#NO_PASID}
     * @param isCombined whether the host's tables had a part in the walk of a guest address
     */
    default void insertNotPresent(int domain, int pasid, long address, boolean isCombined) {}

    /** Remembers that a request passed untranslated. */
    void insertPassed(int requester, int domain, long address, int rights);

    /** Whether INVALIDATE_IOMMU_PAGES drops host translations even when its GN bit names guest translations. */
    boolean ignoresGuestBit();

    /**
     * INVALIDATE_IOMMU_PAGES with GN=0: drops the host translations that overlap the inclusive, unsigned range.
     *
     * @return how many entries went
     */
    int invalidateDomain(int domain, long first, long last);

    /**
     * INVALIDATE_IOMMU_PAGES with GN=1: drops the guest translations whose guest page overlaps the inclusive, unsigned
     * range.
     *
     * @return how many entries went
     */
    default int invalidateGuest(int domain, int pasid, long first, long last) {
        return 0;
    }

    /**
     * Drops the guest translations of a domain in which the host's tables had a part.
     *
     * @return how many entries went
     */
    default int invalidateCombined(int domain) {
        return 0;
    }

    /**
     * Drops everything of these domains.
     *
     * @return how many entries went
     */
    default int invalidateDomains(IdSet domains) {
        return 0;
    }

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

    /** What the cache has done with translations that name no PASID. */
    CacheCounters hostCounters();

    /** What the cache has done with translations that name a PASID. */
    CacheCounters guestCounters();

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
