package org.iorewind.model.iommu.cache;

import java.util.Arrays;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.CacheCounts;

/**
 * The interrupt table cache (reference 9.1): tagged by DeviceID and index, one way; a size of 0 caches nothing. Only
 * entries with RemapEn=1 are put here (MC-7). Not thread-safe; allocates nothing after construction.
 */
public final class InterruptEntryCache implements Stateful {
    private static final long UNUSED = -1;
    private static final int INDEX_BITS = 11;
    private static final int TAGS = 1 << 16 + INDEX_BITS;

    private final long[] tags;
    private final long[] addresses;
    private final long[] lows;
    private final long[] highs;
    private final CacheCounters counters = new CacheCounters();
    private int found;

    /**
     * An empty cache.
     *
     * @param size 0 or a power of two
     */
    public InterruptEntryCache(int size) {
        this.tags = new long[size];
        this.addresses = new long[size];
        this.lows = new long[size];
        this.highs = new long[size];
        Arrays.fill(tags, UNUSED);
    }

    /** Looks an entry up; the accessors show it until the next call. */
    public boolean find(int requester, int index) {
        if (tags.length == 0) {
            return false;
        }
        found = slotOf(requester, index);
        return counters.looked(tags[found] == tagOf(requester, index));
    }

    /** System physical address of the entry found. */
    public long address() {
        return addresses[found];
    }

    /** Low half of the entry found. */
    public long low() {
        return lows[found];
    }

    /** High half of the entry found; 0 for one of 32 bits. */
    public long high() {
        return highs[found];
    }

    /** Remembers an entry, in the place of another if need be. */
    public void insert(int requester, int index, long address, long low, long high) {
        if (tags.length == 0) {
            return;
        }
        int slot = slotOf(requester, index);
        long tag = tagOf(requester, index);
        counters.inserted();
        if (tags[slot] != UNUSED && tags[slot] != tag) {
            counters.evicted(1);
        }
        tags[slot] = tag;
        addresses[slot] = address;
        lows[slot] = low;
        highs[slot] = high;
    }

    /** INVALIDATE_INTERRUPT_TABLE. */
    public void invalidate(int requester) {
        for (int i = 0; i < tags.length; i++) {
            if (tags[i] >> INDEX_BITS == requester) {
                tags[i] = UNUSED;
                counters.dropped(1);
            }
        }
    }

    /** Drops the entries of these devices. */
    public void invalidateDevices(IdSet devices) {
        for (int i = 0; i < tags.length; i++) {
            if (tags[i] != UNUSED && devices.contains((int) (tags[i] >> INDEX_BITS))) {
                tags[i] = UNUSED;
                counters.dropped(1);
            }
        }
    }

    /** Drops everything. */
    public void invalidateAll() {
        for (long tag : tags) {
            counters.dropped(tag == UNUSED ? 0 : 1);
        }
        Arrays.fill(tags, UNUSED);
    }

    /** What the cache has done. */
    public CacheCounts counts() {
        return counters.counts();
    }

    @Override
    public void saveTo(StateSink sink) {
        for (int i = 0; i < tags.length; i++) {
            if (tags[i] != UNUSED) {
                sink.addLong(i);
                sink.addLong(tags[i]);
                sink.addLong(addresses[i]);
                sink.addLong(lows[i]);
                sink.addLong(highs[i]);
            }
        }
        sink.addLong(StateSink.END);
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        Arrays.fill(tags, UNUSED);
        for (int i = source.nextIndex(tags.length); i >= 0; i = source.nextIndex(tags.length)) {
            tags[i] = source.nextBelow(TAGS);
            addresses[i] = source.next();
            lows[i] = source.next();
            highs[i] = source.next();
        }
    }

    private int slotOf(int requester, int index) {
        return requester * 31 + index & tags.length - 1;
    }

    private static long tagOf(int requester, int index) {
        return (long) requester << INDEX_BITS | index;
    }
}
