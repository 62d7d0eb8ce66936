package org.iorewind.analyze.performance;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.agrona.collections.Long2LongHashMap;

/**
 * LRU stack distances: how many different pages were used since a page was used last. A tree of counts over the last uses;
 * pages whose last use lies too far back count as new. Not thread-safe.
 */
final class ReuseDistances {
    private static final int PLACES = 1 << 17;
    private static final int DIGITS = 2;
    private static final int ABSENT = 0;
    private static final int[] CAPACITIES = {16, 64, 256, 1024, 4096, 16_384};

    private final int[] tree = new int[PLACES + 1];
    private final long[] pageAt = new long[PLACES + 1];
    private final Long2LongHashMap lastUse = new Long2LongHashMap(ABSENT);
    private final Histogram distances = new Histogram(PLACES, DIGITS);
    private final long[] hits = new long[CAPACITIES.length];
    private long farthestAt = -1;
    private long farthest = -1;
    private int now;
    private long firstUses;

    void used(long page, long sequence) {
        if (now == PLACES) {
            forgetHalf();
        }
        int before = (int) lastUse.put(page, now + 1);
        if (before == ABSENT) {
            firstUses++;
        } else {
            long distance = (long) sum(now) - sum(before);
            distances.recordValue(distance);
            if (distance > farthest) {
                farthest = distance;
                farthestAt = sequence;
            }
            for (int i = 0; i < CAPACITIES.length; i++) {
                hits[i] += distance < CAPACITIES[i] ? 1 : 0;
            }
            add(before, -1);
        }
        now++;
        pageAt[now] = page;
        add(now, 1);
    }

    /** Makes place: the younger half of the last uses moves to the beginning. */
    private void forgetHalf() {
        int next = 0;
        long[] kept = new long[PLACES / 2];
        for (int place = 1; place <= PLACES; place++) {
            if (lastUse.get(pageAt[place]) != place) {
                continue;
            }
            if (place <= PLACES / 2) {
                lastUse.remove(pageAt[place]);
            } else {
                kept[next++] = pageAt[place];
            }
        }
        java.util.Arrays.fill(tree, 0);
        now = 0;
        for (int i = 0; i < next; i++) {
            now++;
            pageAt[now] = kept[i];
            lastUse.put(kept[i], now);
            add(now, 1);
        }
    }

    private void add(int place, int value) {
        for (int i = place; i <= PLACES; i += i & -i) {
            tree[i] += value;
        }
    }

    private int sum(int place) {
        int sum = 0;
        for (int i = place; i > 0; i -= i & -i) {
            sum += tree[i];
        }
        return sum;
    }

    Performance.Reuse result() {
        List<Performance.Capacity> capacities = new ArrayList<>();
        for (int i = 0; i < CAPACITIES.length; i++) {
            capacities.add(new Performance.Capacity(CAPACITIES[i], hits[i]));
        }
        return new Performance.Reuse(Distribution.of(distances, farthestAt), firstUses, capacities);
    }
}
