package org.iorewind.analyze.performance;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.agrona.collections.Long2LongHashMap;

/**
 * LRU stack distances: how many different pages were used since a page was used last. Pages whose last use lies too far back
 * count as new. Not thread-safe.
 *
 * <pre>
 *     places    a use each, in order; the bit is set where a page was used last        1 1 0 1 0 0 1 | 0 0 ...
 *     blocks    how many bits are set in each 2,048 places                             4             |
 * </pre>
 *
 * <p>The distance is the number of bits behind the page's own. Most uses are of pages that were used lately, so that few
 * words lie between.
 */
final class ReuseDistances {
    private static final int PLACES = 1 << 17;
    private static final int WORD_SHIFT = 6;
    private static final int BLOCK_SHIFT = 11;
    private static final int WORDS_OF_BLOCK = 1 << BLOCK_SHIFT - WORD_SHIFT;
    private static final int DIGITS = 2;
    private static final int ABSENT = -1;
    private static final int[] CAPACITIES = {16, 64, 256, 1024, 4096, 16_384};

    private final long[] bits = new long[PLACES >>> WORD_SHIFT];
    private final int[] blocks = new int[PLACES >>> BLOCK_SHIFT];
    private final long[] pageAt = new long[PLACES];
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
        int before = (int) lastUse.put(page, now);
        if (before == ABSENT) {
            firstUses++;
        } else {
            int distance = behind(before);
            distances.recordValue(distance);
            if (distance > farthest) {
                farthest = distance;
                farthestAt = sequence;
            }
            for (int i = 0; i < CAPACITIES.length; i++) {
                hits[i] += distance < CAPACITIES[i] ? 1 : 0;
            }
            bits[before >>> WORD_SHIFT] &= ~(1L << before);
            blocks[before >>> BLOCK_SHIFT]--;
        }
        pageAt[now] = page;
        set(now);
        now++;
    }

    private void set(int place) {
        bits[place >>> WORD_SHIFT] |= 1L << place;
        blocks[place >>> BLOCK_SHIFT]++;
    }

    /** How many bits are set behind a place. */
    private int behind(int place) {
        int word = place >>> WORD_SHIFT;
        int lastWord = now - 1 >>> WORD_SHIFT;
        int count = Long.bitCount(bits[word] & -2L << place);
        int endOfBlock = word / WORDS_OF_BLOCK * WORDS_OF_BLOCK + WORDS_OF_BLOCK - 1;
        int end = Math.min(endOfBlock, lastWord);
        for (int i = word + 1; i <= end; i++) {
            count += Long.bitCount(bits[i]);
        }
        int lastBlock = now - 1 >>> BLOCK_SHIFT;
        for (int i = (place >>> BLOCK_SHIFT) + 1; i <= lastBlock; i++) {
            count += blocks[i];
        }
        return count;
    }

    /** Makes place: the younger half of the last uses moves to the beginning. */
    private void forgetHalf() {
        int next = 0;
        long[] kept = new long[PLACES / 2];
        for (int place = 0; place < PLACES; place++) {
            if (lastUse.get(pageAt[place]) != place) {
                continue;
            }
            if (place < PLACES / 2) {
                lastUse.remove(pageAt[place]);
            } else {
                kept[next++] = pageAt[place];
            }
        }
        Arrays.fill(bits, 0);
        Arrays.fill(blocks, 0);
        now = 0;
        for (int i = 0; i < next; i++) {
            pageAt[now] = kept[i];
            lastUse.put(kept[i], now);
            set(now);
            now++;
        }
    }

    Performance.Reuse result() {
        List<Performance.Capacity> capacities = new ArrayList<>();
        for (int i = 0; i < CAPACITIES.length; i++) {
            capacities.add(new Performance.Capacity(CAPACITIES[i], hits[i]));
        }
        return new Performance.Reuse(Distribution.of(distances, farthestAt), firstUses, capacities);
    }
}
