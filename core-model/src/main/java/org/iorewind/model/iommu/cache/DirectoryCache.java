package org.iorewind.model.iommu.cache;

import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.CacheCounts;
import org.iorewind.model.iommu.table.PageEntryDescriptor;

/**
 * A page directory cache (reference 9.1): where the table of a level stands that serves an address, and what the entries
 * above it permit together.
 *
 * <pre>
 *   DomainID  PASID or none  level  address bits above what the table serves  ─▶  table, rights so far
 *   DomainID  PASID          6      –                                         ─▶  guest table root (the GCR3 result)
 * </pre>
 *
 * <p>The tag holds neither root nor Mode: two devices with one DomainID and different roots use each other's directories, as
 * with hardware (reference 14, trap 24). All address bits above the table are part of the key, so a path that skips levels
 * needs no more checks. Not thread-safe; allocates nothing after construction.
 */
public final class DirectoryCache implements Stateful {
    /** Level under which a GCR3 result is kept. */
    public static final int GCR3_RESULT = 6;

    private static final long TABLE_MASK = PageEntryDescriptor.ADDRESS_MASK;
    private static final int RIGHTS_MASK = 0xFF;
    private static final long COMBINED = 1 << 8;

    private final LruSets sets;
    private final CacheCounters[] counters = new CacheCounters[CacheTag.LEVELS];
    private long found;

    /** An empty cache. */
    public DirectoryCache(CacheGeometry geometry) {
        this.sets = new LruSets(geometry);
        for (int level = 0; level < counters.length; level++) {
            counters[level] = new CacheCounters();
        }
    }

    /** Whether there is such a cache. */
    public boolean isOn() {
        return sets.isOn();
    }

    /**
     * Looks for the lowest table that serves an address, from level 1 up.
     *
     * @param highest level at which to give up
     * @return its level, or 0
     */
    public int find(int domain, int pasid, long address, int highest) {
        for (int level = 1; level <= highest; level++) {
            if (find(level, CacheTag.of(domain, pasid, level), key(address, level))) {
                return level;
            }
        }
        return 0;
    }

    /** Looks for the GCR3 result of a PASID. */
    public boolean findRoot(int domain, int pasid) {
        return sets.isOn() && find(GCR3_RESULT, CacheTag.of(domain, pasid, GCR3_RESULT), 0);
    }

    private boolean find(int level, long tag, long key) {
        int at = sets.find(tag, key);
        if (at != LruSets.NONE) {
            found = sets.value(at);
        }
        return counters[level].looked(at != LruSets.NONE);
    }

    /** Address of the table found. */
    public long table() {
        return found & TABLE_MASK;
    }

    /** What the entries above the table found permit together. */
    public int rights() {
        return (int) found & RIGHTS_MASK;
    }

    /**
     * Remembers a table.
     *
     * @param level of the table, 1 to 5
     * @param rights what the entries above it permit together, 8 bits
     * @param isCombined whether the entry of a guest table that leads to it was read by way of the host's tables
     */
    public void insert(int domain, int pasid, long address, int level, long table, int rights, boolean isCombined) {
        long tag = CacheTag.of(domain, pasid, level);
        insert(level, tag, key(address, level), value(table, rights, isCombined));
    }

    /** Remembers the GCR3 result of a PASID. */
    public void insertRoot(int domain, int pasid, long table, int rights, boolean isCombined) {
        insert(GCR3_RESULT, CacheTag.of(domain, pasid, GCR3_RESULT), 0, value(table, rights, isCombined));
    }

    private static long value(long table, int rights, boolean isCombined) {
        return table & TABLE_MASK | rights | (isCombined ? COMBINED : 0);
    }

    private void insert(int level, long tag, long key, long value) {
        long gone = sets.insert(tag, key, value);
        counters[level].inserted();
        if (gone != CacheTag.UNUSED) {
            counters[CacheTag.level(gone)].evicted(1);
        }
    }

    /** Drops the directories of a DomainID and PASID that serve any of the inclusive, unsigned range (MC-22). */
    void invalidate(int domain, int pasid, long first, long last) {
        for (int at = 0; at < sets.end(); at += LruSets.STEP) {
            if (CacheTag.isOf(sets.tag(at), domain, pasid) && overlaps(at, first, last)) {
                drop(at);
            }
        }
    }

    /** Drops what was read by way of the host's tables for a DomainID, whatever its PASID and address (MC-121). */
    void invalidateCombined(int domain) {
        for (int at = 0; at < sets.end(); at += LruSets.STEP) {
            long tag = sets.tag(at);
            if (tag != CacheTag.UNUSED && CacheTag.domain(tag) == domain && (sets.value(at) & COMBINED) != 0) {
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
        counters[CacheTag.level(sets.tag(at))].dropped(1);
        sets.drop(at);
    }

    private boolean overlaps(int at, long first, long last) {
        int level = CacheTag.level(sets.tag(at));
        if (level == GCR3_RESULT) {
            return true;
        }
        int shift = PageEntryDescriptor.defaultShift(level + 1);
        long low = sets.key(at) << shift;
        return Long.compareUnsigned(low, last) <= 0 && Long.compareUnsigned(first, low + (1L << shift) - 1) <= 0;
    }

    private static long key(long address, int level) {
        return address >>> PageEntryDescriptor.defaultShift(level + 1);
    }

    /** What the cache has done at a level. */
    public CacheCounts counts(int level) {
        return counters[level].counts();
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
