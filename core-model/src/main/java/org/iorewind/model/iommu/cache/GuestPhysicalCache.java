package org.iorewind.model.iommu.cache;

import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.CacheCounts;
import org.iorewind.model.iommu.EffectSink;

/**
 * Host translations of the addresses at which guest structures stand: DomainID and 4 KiB frame of the guest physical
 * address to a page (MC-47). What the host's tables say of the final address is not kept here but in the combined entry of
 * the TLB. Not thread-safe; allocates nothing after construction.
 */
public final class GuestPhysicalCache implements Stateful {
    private final LruSets sets;
    private final CacheCounters counters = new CacheCounters();
    private long found;

    /** An empty cache. */
    public GuestPhysicalCache(CacheGeometry geometry) {
        this.sets = new LruSets(geometry);
    }

    /** Whether there is such a cache. */
    public boolean isOn() {
        return sets.isOn();
    }

    /** Looks a guest physical address up. */
    public boolean find(int domain, long address) {
        int at = sets.find(tag(domain), address >>> CachedPage.FRAME_SHIFT);
        if (at != LruSets.NONE) {
            found = sets.value(at);
        }
        return counters.looked(at != LruSets.NONE);
    }

    /** Start of the page found. */
    public long page() {
        return CachedPage.page(found);
    }

    /** log2 of the size of the page found. */
    public int pageShift() {
        return CachedPage.shift(found);
    }

    /** Rights of the page found, as they were inserted. */
    public int rights() {
        return CachedPage.rights(found);
    }

    /** Remembers a translation; the rights have 9 bits. */
    public void insert(int domain, long address, long page, int pageShift, int rights) {
        if (!sets.isOn()) {
            return;
        }
        long value = CachedPage.of(page, pageShift, pageShift, rights, true);
        boolean isEvicting = sets.insert(tag(domain), address >>> CachedPage.FRAME_SHIFT, value) != CacheTag.UNUSED;
        counters.inserted();
        if (isEvicting) {
            counters.evicted(1);
        }
    }

    /** Drops the pages of a DomainID that overlap the inclusive, unsigned range of guest physical addresses. */
    void invalidate(int domain, long first, long last) {
        for (int at = 0; at < sets.end(); at += LruSets.STEP) {
            if (CacheTag.isOf(sets.tag(at), domain, EffectSink.NO_PASID)
                    && CachedPage.overlaps(sets.key(at), sets.value(at), first, last)) {
                drop(at);
            }
        }
    }

    void invalidateDomains(IdSet domains) {
        for (int at = 0; at < sets.end(); at += LruSets.STEP) {
            long tag = sets.tag(at);
            if (tag != CacheTag.UNUSED && domains.contains(CacheTag.domain(tag))) {
                drop(at);
            }
        }
    }

    void invalidateAll() {
        for (int at = 0; at < sets.end(); at += LruSets.STEP) {
            if (sets.tag(at) != CacheTag.UNUSED) {
                drop(at);
            }
        }
    }

    private void drop(int at) {
        counters.dropped(1);
        sets.drop(at);
    }

    private static long tag(int domain) {
        return CacheTag.of(domain, EffectSink.NO_PASID, 0);
    }

    /** What the cache has done. */
    public CacheCounts counts() {
        return counters.counts();
    }

    @Override
    public void saveTo(StateSink sink) {
        sets.saveTo(sink);
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        sets.restoreFrom(source);
    }
}
