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
    private static final int KINDS = EventKind.values().length;

    /** Slice by slice, in each all kinds: an event is counted near to the one before it. */
    private final long[] counts = new long[SLICES * KINDS];

    private final boolean[] hasOccurred = new boolean[KINDS];
    private int doublings;

    /** Slices up to the last that an event was in, at least 1. */
    private int used = 1;

    /** Where the slice of the last event starts: the next is likely to be there too, and divisions are slow. */
    private int slice;

    private long sliceFromNs;
    private long sliceEndNs = FIRST_SLICE_NS;

    @Override
    public void after(EventView event, Machine machine) {
        EventKind kind = event.kind();
        if (kind != null) {
            count(kind, event.timeNs());
        }
    }

    void count(EventKind kind, long timeNs) {
        if (timeNs < sliceFromNs || timeNs >= sliceEndNs) {
            goTo(Math.max(0, timeNs));
        }
        hasOccurred[kind.ordinal()] = true;
        counts[slice + kind.ordinal()]++;
    }

    private void goTo(long time) {
        while (time / FIRST_SLICE_NS >>> doublings >= SLICES) {
            mergePairs();
        }
        int number = (int) (time / FIRST_SLICE_NS >>> doublings);
        used = Math.max(used, number + 1);
        slice = number * KINDS;
        sliceFromNs = number * sliceNs();
        sliceEndNs = sliceFromNs + sliceNs();
    }

    private void mergePairs() {
        int merged = used + 1 >>> 1;
        for (int i = 0; i < merged; i++) {
            int to = i * KINDS;
            for (int kind = 0; kind < KINDS; kind++) {
                counts[to + kind] = counts[2 * to + kind] + counts[2 * to + KINDS + kind];
            }
        }
        Arrays.fill(counts, merged * KINDS, used * KINDS, 0);
        used = merged;
        doublings++;
    }

    private long sliceNs() {
        return FIRST_SLICE_NS << doublings;
    }

    EventMix result() {
        List<EventMix.Row> rows = new ArrayList<>();
        for (EventKind kind : EventKind.values()) {
            if (hasOccurred[kind.ordinal()]) {
                long[] row = new long[used];
                for (int i = 0; i < used; i++) {
                    row[i] = counts[i * KINDS + kind.ordinal()];
                }
                rows.add(new EventMix.Row(kind.label(), row));
            }
        }
        return new EventMix(0, sliceNs(), used, rows);
    }
}
