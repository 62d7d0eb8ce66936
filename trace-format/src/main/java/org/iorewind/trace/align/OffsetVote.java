package org.iorewind.trace.align;

import java.util.Arrays;

/**
 * Intervals of possible offsets vote: the offset lies where most of them overlap. Ends count as inside. Deterministic: the
 * order in which votes are cast does not matter. Not thread-safe.
 */
final class OffsetVote {
    private long[] lows = new long[64];
    private long[] highs = new long[64];
    private int size;

    /**
     * How the vote ended.
     *
     * @param votes intervals that contain the best offsets
     * @param lowNs least of these offsets
     * @param highNs greatest of them
     * @param rivalVotes intervals that contain the best offset elsewhere, where no run of intervals reaches near to them
     */
    record Outcome(int votes, long lowNs, long highNs, int rivalVotes) {}

    void add(long lowNs, long highNs) {
        if (size == lows.length) {
            lows = Arrays.copyOf(lows, size * 2);
            highs = Arrays.copyOf(highs, size * 2);
        }
        lows[size] = lowNs;
        highs[size] = highNs;
        size++;
    }

    int size() {
        return size;
    }

    /**
     * Counts the votes. Without a vote the outcome has none.
     *
     * @param marginNs places this near to the best one belong to it
     */
    Outcome count(long marginNs) {
        long[] starts = Arrays.copyOf(lows, size);
        long[] ends = Arrays.copyOf(highs, size);
        Arrays.sort(starts);
        Arrays.sort(ends);
        int best = 0;
        long low = 0;
        long high = 0;
        for (int s = 0, e = 0; s < size; s++) {
            while (ends[e] < starts[s]) {
                e++;
            }
            int votes = s + 1 - e;
            if (votes > best) {
                best = votes;
                low = starts[s];
                high = ends[e];
            } else if (votes == best && starts[s] - high <= marginNs) {
                high = ends[e];
            }
        }
        int rival = 0;
        for (int s = 0, e = 0; s < size; s++) {
            while (ends[e] < starts[s]) {
                e++;
            }
            boolean away = starts[s] > high + marginNs || ends[e] < low - marginNs;
            if (away) {
                rival = Math.max(rival, s + 1 - e);
            }
        }
        return new Outcome(best, low, high, rival);
    }
}
