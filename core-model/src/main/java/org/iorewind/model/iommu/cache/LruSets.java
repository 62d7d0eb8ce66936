package org.iorewind.model.iommu.cache;

import java.util.Arrays;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;

/**
 * The store of every set-associative cache here: entries of a {@link CacheTag}, a key and a value, the least recently used
 * of a set replaced first, unused places before all.
 *
 * <pre>
 *   set:  ┌─────┬─────┬───────┬───────┬─────┬─────┬───────┬───────┬───
 *         │ tag │ key │ value │ stamp │ tag │ key │ value │ stamp │ …      one array; an entry is 32 bytes
 *         └─────┴─────┴───────┴───────┴─────┴─────┴───────┴───────┴───
 * </pre>
 *
 * <p>The stamp is the time of the last use by a clock of uses; 0 means that the place is unused. The state is the order of
 * use within each set, not the stamps: equal behaviour, equal state. Not thread-safe; allocates nothing after construction.
 */
final class LruSets implements Stateful {
    /** Returned when nothing was found. */
    static final int NONE = -1;
    /** Distance of entries, for loops from 0 to {@link #end}. */
    static final int STEP = 4;

    private static final int KEY = 1;
    private static final int VALUE = 2;
    private static final int STAMP = 3;
    private static final int SPREAD = 0x9E3779B1;

    private final int ways;
    private final int setMask;
    private final int setLength;
    private final long[] entries;
    private long clock;

    /** Empty sets. */
    LruSets(CacheGeometry geometry) {
        this.ways = geometry.ways();
        this.setMask = geometry.sets() - 1;
        this.setLength = ways * STEP;
        this.entries = new long[geometry.entries() * STEP];
        clear();
    }

    /** Whether there is any place. */
    boolean isOn() {
        return entries.length != 0;
    }

    /** Place of an entry, which counts as a use of it, or {@link #NONE}; there must be any place. */
    int find(long tag, long key) {
        int first = firstOfSet(tag, key);
        for (int at = first; at < first + setLength; at += STEP) {
            if (entries[at + KEY] == key && entries[at] == tag) {
                entries[at + STAMP] = ++clock;
                return at;
            }
        }
        return NONE;
    }

    /** Whether there is an entry; no use of it. */
    boolean holds(long tag, long key) {
        int first = firstOfSet(tag, key);
        for (int at = first; at < first + setLength; at += STEP) {
            if (entries[at + KEY] == key && entries[at] == tag) {
                return true;
            }
        }
        return false;
    }

    /**
     * Puts an entry in, or replaces the one of its tag and key.
     *
     * @return the tag of the entry that had to go for it, or {@link CacheTag#UNUSED}
     */
    long insert(long tag, long key, long value) {
        int first = firstOfSet(tag, key);
        int at = first;
        for (int other = first; other < first + setLength; other += STEP) {
            if (entries[other + KEY] == key && entries[other] == tag) {
                at = other;
                break;
            }
            if (entries[other + STAMP] < entries[at + STAMP]) {
                at = other;
            }
        }
        boolean isReplaced = entries[at + KEY] == key && entries[at] == tag;
        long gone = isReplaced ? CacheTag.UNUSED : entries[at];
        entries[at] = tag;
        entries[at + KEY] = key;
        entries[at + VALUE] = value;
        entries[at + STAMP] = ++clock;
        return gone;
    }

    /** End of the places, which start at 0 and are {@link #STEP} apart. */
    int end() {
        return entries.length;
    }

    /** Tag at a place, or {@link CacheTag#UNUSED}. */
    long tag(int at) {
        return entries[at];
    }

    /** Key at a place. */
    long key(int at) {
        return entries[at + KEY];
    }

    /** Value at a place. */
    long value(int at) {
        return entries[at + VALUE];
    }

    /** Empties a place. */
    void drop(int at) {
        entries[at] = CacheTag.UNUSED;
        Arrays.fill(entries, at + KEY, at + STEP, 0);
    }

    private void clear() {
        for (int at = 0; at < entries.length; at += STEP) {
            drop(at);
        }
        clock = 0;
    }

    @Override
    public void saveTo(StateSink sink) {
        for (int first = 0; first < entries.length; first += setLength) {
            int index = first / STEP;
            for (int at = olderThan(first, Long.MAX_VALUE); at != NONE; at = olderThan(first, entries[at + STAMP])) {
                sink.addLong(index++);
                sink.addLong(CacheTag.lowPart(entries[at]));
                sink.addLong(CacheTag.highPart(entries[at]));
                sink.addLong(entries[at + KEY]);
                sink.addLong(entries[at + VALUE]);
            }
        }
        sink.addLong(StateSink.END);
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        clear();
        clock = ways;
        int places = entries.length / STEP;
        for (int index = source.nextIndex(places); index >= 0; index = source.nextIndex(places)) {
            int at = index * STEP;
            int lowPart = source.nextBelow(CacheTag.OWNERS);
            entries[at] = CacheTag.ofParts(lowPart, source.nextBelow(CacheTag.PASIDS));
            entries[at + KEY] = source.next();
            entries[at + VALUE] = source.next();
            entries[at + STAMP] = (long) ways - index % ways;
        }
    }

    /** The most recently used entry of a set among those last used before a time. */
    private int olderThan(int first, long time) {
        int found = NONE;
        long newest = 0;
        for (int at = first; at < first + setLength; at += STEP) {
            long stamp = entries[at + STAMP];
            if (stamp < time && stamp > newest) {
                newest = stamp;
                found = at;
            }
        }
        return found;
    }

    private int firstOfSet(long tag, long key) {
        int owner = (int) (tag ^ tag >>> 16 ^ tag >>> 32);
        return ((int) (key ^ key >>> 9) + owner * SPREAD & setMask) * setLength;
    }
}
