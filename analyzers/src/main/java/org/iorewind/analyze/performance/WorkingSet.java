package org.iorewind.analyze.performance;

import java.util.ArrayList;
import java.util.List;
import org.agrona.collections.LongHashSet;

/** Different pages in each slice of time. Slices double when there are too many: the larger count stays. Not thread-safe. */
final class WorkingSet {
    private static final int MOST_SLICES = 64;
    private static final int MOST_PAGES = 1 << 16;
    private static final long FIRST_SLICE_NS = 1000;

    private final LongHashSet inSlice = new LongHashSet();
    private final int[] counts = new int[MOST_SLICES];
    private long sliceNs = FIRST_SLICE_NS;
    private int slice;
    /** The page that was used last, which is in the slice; none has this number. */
    private long lastPage = -1;

    void used(long page, long sinceNs) {
        long at = Math.max(0, sinceNs) / sliceNs;
        while (at >= MOST_SLICES) {
            merge();
            at /= 2;
        }
        if (at > slice) {
            inSlice.clear();
            slice = (int) at;
        } else if (page == lastPage) {
            // It is counted in this slice already.
            return;
        }
        lastPage = page;
        if (inSlice.size() < MOST_PAGES) {
            inSlice.add(page);
        }
        counts[slice] = Math.max(counts[slice], inSlice.size());
    }

    private void merge() {
        for (int i = 0; i < MOST_SLICES; i++) {
            counts[i] = 2 * i + 1 < MOST_SLICES ? Math.max(counts[2 * i], counts[2 * i + 1]) : 0;
        }
        slice /= 2;
        sliceNs *= 2;
    }

    long sliceNs() {
        return sliceNs;
    }

    List<Integer> counts() {
        List<Integer> all = new ArrayList<>();
        for (int i = 0; i <= slice; i++) {
            all.add(counts[i]);
        }
        return all;
    }
}
