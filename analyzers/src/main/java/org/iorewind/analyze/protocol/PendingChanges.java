package org.iorewind.analyze.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.agrona.collections.Long2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/** Changes of one tree that the IOMMU may not have heard of, by address. Bounded. Not thread-safe. */
final class PendingChanges {
    /** Linux's lazy mode keeps 256 for each processor; more than this are forgotten, the oldest addresses first. */
    static final int MOST = 1 << 16;

    /** So many changes below an address are looked at: a table's range has as many pages. */
    private static final int FARTHEST = 1024;

    private static final long LEVELS = 7;
    private static final long SMALLEST = 4096;

    private final TreeMap<Long, PendingChange> changes = new TreeMap<>(Long::compareUnsigned);
    /** The same; mostly all are of the smallest pages, and what an address is part of is found without a search. */
    private final Long2ObjectHashMap<PendingChange> byKey = new Long2ObjectHashMap<>();

    /** How many of them some domain has not heard of: an invalidation of all is often told in dozens of pieces. */
    private int untold;

    private long largest = SMALLEST;
    private boolean isForgetful;

    boolean isEmpty() {
        return changes.isEmpty();
    }

    int size() {
        return changes.size();
    }

    /** Whether some were forgotten. */
    boolean isForgetful() {
        return isForgetful;
    }

    void put(PendingChange change) {
        if (changes.size() >= MOST && !changes.containsKey(change.key())) {
            remove(changes.firstEntry().getValue());
            isForgetful = true;
        }
        largest = changes.isEmpty() ? change.bytes() : Math.max(largest, change.bytes());
        @Nullable PendingChange former = changes.put(change.key(), change);
        byKey.put(change.key(), change);
        untold += former == null || former.isTold() ? 1 : 0;
        untold -= change.isTold() ? 1 : 0;
    }

    void remove(PendingChange change) {
        if (changes.remove(change.key(), change)) {
            byKey.remove(change.key());
            untold -= change.isTold() ? 0 : 1;
        }
    }

    /** One of them, that some domain had not heard of, has been heard of by all. */
    void told(PendingChange change) {
        untold -= byKey.get(change.key()) == change ? 1 : 0;
    }

    /** Whether no invalidation is due, if perhaps a wait. */
    boolean areAllTold() {
        return untold == 0;
    }

    /** The change that an address is part of, or null. */
    @Nullable
    PendingChange at(long address) {
        if (changes.isEmpty()) {
            return null;
        }
        if (largest == SMALLEST) {
            return byKey.get(address & -SMALLEST);
        }
        var entry = changes.floorEntry(address | LEVELS);
        for (int step = 0; entry != null && step < FARTHEST; step++) {
            if (entry.getValue().covers(address)) {
                return entry.getValue();
            }
            if (Long.compareUnsigned(address - entry.getKey(), largest) >= 0) {
                return null;
            }
            entry = changes.lowerEntry(entry.getKey());
        }
        return null;
    }

    /**
     * Shows all that touch a range; a table's directories go with any address that they translate. None may be added or removed
     * meanwhile.
     */
    void forOverlapping(long first, long last, Consumer<PendingChange> action) {
        if (changes.isEmpty()) {
            return;
        }
        if (first == 0 && last == -1) {
            changes.values().forEach(action);
            return;
        }
        if (largest == SMALLEST && last - first >= 0 && (last - first) / SMALLEST < changes.size()) {
            forPages(first & -SMALLEST, last, action);
            return;
        }
        changes.subMap(first, true, last, true).values().forEach(action);
        var entry = changes.lowerEntry(first);
        for (int step = 0; entry != null && step < FARTHEST; step++) {
            if (entry.getValue().covers(first)) {
                action.accept(entry.getValue());
            }
            boolean isTooFar = Long.compareUnsigned(first - entry.getKey(), largest) >= 0;
            entry = isTooFar ? null : changes.lowerEntry(entry.getKey());
        }
    }

    /** The same where all changes are of the smallest pages, and there are more of them than pages in the range. */
    private void forPages(long first, long last, Consumer<PendingChange> action) {
        for (long page = first; Long.compareUnsigned(page, last) <= 0; page += SMALLEST) {
            @Nullable PendingChange change = byKey.get(page);
            if (change != null) {
                action.accept(change);
            }
            if (page == -SMALLEST) {
                return;
            }
        }
    }

    List<PendingChange> all() {
        return new ArrayList<>(changes.values());
    }

    void clear() {
        changes.clear();
        byKey.clear();
        untold = 0;
    }
}
