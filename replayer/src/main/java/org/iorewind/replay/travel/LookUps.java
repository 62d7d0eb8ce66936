package org.iorewind.replay.travel;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.model.iommu.WalkCache;

/**
 * How often caches were asked, table entries read and pages of a size used since {@link #clear}. Each has a kind:
 *
 * <pre>
 *     IOTLB_HIT IOTLB_MISS     requests for memory that were translated by the IOTLB, by a walk
 *     ENTRY_HIT ENTRY_READ     device table entries from the cache, from memory
 *     walkHit walkMiss         a cache of walks that spared something, that had nothing
 *     hostRead guestRead       an entry of a table of a level, 1 to 7
 *     page                     requests for memory that were translated, by log2 of the page's bytes
 * </pre>
 *
 * <p>Allocates nothing; clearing costs as much as was counted. Not thread-safe.
 */
public final class LookUps implements EffectSink {
    /** Requests for memory that the IOTLB translated. */
    public static final int IOTLB_HIT = 0;

    /** Requests for memory that were translated and that the IOTLB did not have. */
    public static final int IOTLB_MISS = 1;

    /** Device table entries that came from the cache. */
    public static final int ENTRY_HIT = 2;

    /** Device table entries that were read from memory. */
    public static final int ENTRY_READ = 3;

    /** Levels of tables are below. */
    public static final int LEVELS = 8;

    /** Shifts of pages are below. */
    public static final int SHIFTS = 64;

    private static final int WALK_HIT = 4;
    private static final int WALK_MISS = WALK_HIT + WalkCache.values().length;
    private static final int HOST_READ = WALK_MISS + WalkCache.values().length;
    private static final int GUEST_READ = HOST_READ + LEVELS;
    private static final int PAGE = GUEST_READ + LEVELS * GuestTable.values().length;

    /** Kinds are below. */
    public static final int KINDS = PAGE + SHIFTS;

    private final long[] counts = new long[KINDS];
    private final int[] seen = new int[KINDS];
    private int seenCount;

    /** Nothing yet. */
    public LookUps() {}

    /** The kind of a cache of walks that spared something. */
    public static int walkHit(WalkCache cache) {
        return WALK_HIT + cache.ordinal();
    }

    /** The kind of a cache of walks that had nothing. */
    public static int walkMiss(WalkCache cache) {
        return WALK_MISS + cache.ordinal();
    }

    /** The kind of a read of a host table of a level, 0 to 7. */
    public static int hostRead(int level) {
        return HOST_READ + (level & LEVELS - 1);
    }

    /** The kind of a read of a guest's table of a level, 0 to 7. */
    public static int guestRead(GuestTable table, int level) {
        return GUEST_READ + LEVELS * table.ordinal() + (level & LEVELS - 1);
    }

    /** The kind of a translation by a page of 2^shift bytes, shift from 0 to 63. */
    public static int page(int shift) {
        return PAGE + (shift & SHIFTS - 1);
    }

    /** How often, below {@link #KINDS}. */
    public long count(int kind) {
        return counts[kind];
    }

    /** How many kinds were counted at all. */
    public int seen() {
        return seenCount;
    }

    /** One of the kinds that were counted. */
    public int seen(int index) {
        return seen[index];
    }

    /** Begins anew. */
    public void clear() {
        for (int i = 0; i < seenCount; i++) {
            counts[seen[i]] = 0;
        }
        seenCount = 0;
    }

    private void add(int kind) {
        if (counts[kind]++ == 0) {
            seen[seenCount++] = kind;
        }
    }

    @Override
    public void deviceTableEntry(
            int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {
        add(fromCache ? ENTRY_HIT : ENTRY_READ);
    }

    @Override
    public void walkStep(int level, long entryAddress, long entry) {
        add(hostRead(level));
    }

    @Override
    public void guestWalkStep(GuestTable table, int level, long entryAddress, long entry) {
        add(guestRead(table, level));
    }

    @Override
    public void walkCacheHit(WalkCache cache, int level, int domain, long address) {
        add(walkHit(cache));
    }

    @Override
    public void walkCacheMiss(WalkCache cache, int domain, long address) {
        add(walkMiss(cache));
    }

    @Override
    public void translation(
            int requester,
            int pasid,
            long address,
            TranslationDecision decision,
            int domain,
            long result,
            int pageShift,
            int rights,
            boolean cacheHit) {
        if (decision == TranslationDecision.TRANSLATED) {
            add(cacheHit ? IOTLB_HIT : IOTLB_MISS);
            add(page(pageShift));
        }
    }
}
