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
    /** Where the slice ends: the next use is likely to be before it, and divisions are slow. */
    private long sliceEndNs = FIRST_SLICE_NS;

    /** The page that was used last, which is in the slice; none has this number. */
    private long lastPage = -1;

    void used(long page, long sinceNs) {
        boolean isOtherSlice = sinceNs >= sliceEndNs && goTo(sinceNs);
        if (!isOtherSlice && page == lastPage) {
            // It is counted in this slice already.
            return;
        }
        lastPage = page;
        if (inSlice.size() < MOST_PAGES) {
            inSlice.add(page);
        }
        counts[slice] = Math.max(counts[slice], inSlice.size());
    }

    /** Goes to the slice of a time; false if that is where it was. */
    private boolean goTo(long sinceNs) {
        long at = sinceNs / sliceNs;
        while (at >= MOST_SLICES) {
            merge();
            at /= 2;
        }
        boolean isOther = at > slice;
        if (isOther) {
            inSlice.clear();
            slice = (int) at;
        }
        sliceEndNs = (slice + 1) * sliceNs;
        return isOther;
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
