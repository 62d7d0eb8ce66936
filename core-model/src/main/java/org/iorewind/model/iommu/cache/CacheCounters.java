package org.iorewind.model.iommu.cache;

import org.iorewind.model.iommu.CacheCounts;

/**
 * What one cache, or one level of it, has done since it was built. Plain numbers, always counted. They are not part of the
 * state: machines that behave alike from now on must hash alike, however they got here. So neither a reset nor a restored
 * state changes them. Not thread-safe.
 */
public final class CacheCounters {
    private long hits;
    private long misses;
    private long insertions;
    private long evictions;
    private long invalidated;

    /** All zero. */
    public CacheCounters() {}

    /** A look-up found an entry, or none; returns which. */
    public boolean looked(boolean isHit) {
        if (isHit) {
            hits++;
        } else {
            misses++;
        }
        return isHit;
    }

    /** An entry was put in or replaced. */
    public void inserted() {
        insertions++;
    }

    /** Entries had to make room. */
    public void evicted(int entries) {
        evictions += entries;
    }

    /** Commands or a reset dropped entries. */
    public void dropped(int entries) {
        invalidated += entries;
    }

    /** The numbers as they are now. */
    public CacheCounts counts() {
        return new CacheCounts(hits, misses, insertions, evictions, invalidated);
    }
}
