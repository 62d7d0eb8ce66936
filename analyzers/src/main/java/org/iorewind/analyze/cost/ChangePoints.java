package org.iorewind.analyze.cost;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * Finds where numbers begin to be others than before, by ranks and in whole numbers, so that the same numbers give the same places
 * everywhere and one outlier moves nothing.
 *
 * <pre>
 *   2 2 3 2 2 3 2 │ 4 5 4 4 5 4 │ 2 2 3 2       binary segmentation (Vostrikova 1981):
 *                 ▼             ▼               the best place, if it is one, then both parts for themselves
 *          U(t) = 2 × (ranks of the first t) − t × (n + 1)
 *          K    = the largest |U(t)|            Pettitt 1979: by chance with probability 2 exp(−6K² / (n³ + n²))
 * </pre>
 *
 * <p>A place counts if chance would make it once in a million series, and if the mean changes by a tenth at least.
 */
final class ChangePoints {
    /** Fewer numbers are no regime. */
    static final int LEAST = 8;

    /** exp(−29/2) × 2 is about one in a million. */
    private static final long TWICE_LOG_OF_CHANCE = 29;

    private static final int LEAST_SHARE = 10;
    private static final int MOST = 64;

    private final long[] values;
    private final List<Integer> found = new ArrayList<>();

    private ChangePoints(long[] values) {
        this.values = values;
    }

    /**
     * Where numbers begin to be others.
     *
     * @param values at most 2^15
     * @return indexes of the first of each new regime, ascending
     */
    static List<Integer> of(long[] values) {
        ChangePoints points = new ChangePoints(values);
        points.split(0, values.length);
        Collections.sort(points.found);
        return points.found;
    }

    /** The best place in a part, or -1 if the numbers there do not change for more than chance. */
    static int best(long[] values, int from, int to) {
        return new ChangePoints(values).place(from, to);
    }

    private void split(int from, int to) {
        int place = found.size() == MOST ? -1 : place(from, to);
        if (place >= 0) {
            found.add(place);
            split(from, place);
            split(place, to);
        }
    }

    private int place(int from, int to) {
        int length = to - from;
        if (length < 2 * LEAST) {
            return -1;
        }
        long[] sorted = Arrays.copyOfRange(values, from, to);
        Arrays.sort(sorted);
        long sum = 0;
        long most = 0;
        int place = -1;
        for (int i = 0; i < length; i++) {
            if (i >= LEAST && i <= length - LEAST && Math.abs(sum) > most) {
                most = Math.abs(sum);
                place = from + i;
            }
            sum += twiceRank(sorted, values[from + i]) - (length + 1);
        }
        long n = length;
        boolean isNoChance = 12 * most * most >= TWICE_LOG_OF_CHANCE * (n * n * n + n * n);
        return place >= 0 && isNoChance && isLarge(from, place, to) ? place : -1;
    }

    /** Equal numbers share the mean of their ranks. */
    private static long twiceRank(long[] sorted, long value) {
        return lower(sorted, value) + lower(sorted, value + 1) + 1L;
    }

    /** How many are less. */
    private static int lower(long[] sorted, long value) {
        int low = 0;
        int high = sorted.length;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (sorted[middle] < value) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private boolean isLarge(int from, int place, int to) {
        double before = mean(from, place);
        double after = mean(place, to);
        return Math.abs(before - after) * LEAST_SHARE >= Math.min(before, after);
    }

    private double mean(int from, int to) {
        long sum = 0;
        for (int i = from; i < to; i++) {
            sum += values[i];
        }
        return (double) sum / (to - from);
    }
}
