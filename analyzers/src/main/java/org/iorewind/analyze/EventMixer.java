package org.iorewind.analyze;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;

/**
 * Counts events per kind and time slice in one pass and constant memory: when an event lies beyond the last slice, slices
 * are merged in pairs and their length doubles.
 */
final class EventMixer implements ReplayListener {
    private static final int SLICES = 4_096;
    private static final long FIRST_SLICE_NS = 1_000;

    /** The row of a kind that has not occurred. */
    private static final long[] NONE = new long[0];

    private final long[][] counts = new long[EventKind.values().length][];
    private int doublings;

    /** Slices up to the last that an event was in, at least 1. */
    private int used = 1;

    /** Where the last event was: the next is likely to be there too, and divisions are slow. */
    private int slice;

    private long sliceFromNs;

    EventMixer() {
        Arrays.fill(counts, NONE);
    }

    @Override
    public void after(EventView event, Machine machine) {
        EventKind kind = event.kind();
        if (kind != null) {
            count(kind, event.timeNs());
        }
    }

    void count(EventKind kind, long timeNs) {
        long time = Math.max(0, timeNs);
        if (time - sliceFromNs < 0 || time - sliceFromNs >= sliceNs()) {
            goTo(time);
        }
        if (counts[kind.ordinal()].length == 0) {
            counts[kind.ordinal()] = new long[SLICES];
        }
        counts[kind.ordinal()][slice]++;
    }

    private void goTo(long time) {
        while (time / FIRST_SLICE_NS >>> doublings >= SLICES) {
            mergePairs();
        }
        slice = (int) (time / FIRST_SLICE_NS >>> doublings);
        used = Math.max(used, slice + 1);
        sliceFromNs = slice * sliceNs();
    }

    private void mergePairs() {
        int merged = used + 1 >>> 1;
        for (long[] row : counts) {
            if (row.length > 0) {
                for (int i = 0; i < merged; i++) {
                    row[i] = row[2 * i] + row[2 * i + 1];
                }
                Arrays.fill(row, merged, used, 0);
            }
        }
        used = merged;
        doublings++;
    }

    private long sliceNs() {
        return FIRST_SLICE_NS << doublings;
    }

    EventMix result() {
        List<EventMix.Row> rows = new ArrayList<>();
        for (EventKind kind : EventKind.values()) {
            if (counts[kind.ordinal()].length > 0) {
                rows.add(new EventMix.Row(kind.label(), Arrays.copyOf(counts[kind.ordinal()], used)));
            }
        }
        return new EventMix(0, sliceNs(), used, rows);
    }
}
