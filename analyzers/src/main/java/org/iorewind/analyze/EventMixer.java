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
    private static final int FEW_KINDS = 16;
    private static final int NONE = -1;

    /** Slice by slice, in each the kinds that have occurred: an event is counted near to the one before it. */
    private long[] counts = new long[SLICES * FEW_KINDS];

    /** From one slice to the next. */
    private int stride = FEW_KINDS;

    /** Where a kind is counted in each slice: in the order in which kinds first occurred. */
    private final int[] columns = new int[KINDS];

    private int used;
    private int doublings;

    /** Slices up to the last that an event was in, at least 1. */
    private int slices = 1;

    /** Where the last event was: the next is likely to be there too, and divisions are slow. */
    private int slice;

    private long sliceFromNs;
    private long sliceEndNs = FIRST_SLICE_NS;

    EventMixer() {
        Arrays.fill(columns, NONE);
    }

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
        int column = columns[kind.ordinal()];
        if (column == NONE) {
            column = columnFor(kind);
        }
        counts[slice * stride + column]++;
    }

    private int columnFor(EventKind kind) {
        if (used == stride) {
            long[] wider = new long[SLICES * 2 * stride];
            for (int i = 0; i < slices; i++) {
                System.arraycopy(counts, i * stride, wider, i * 2 * stride, stride);
            }
            counts = wider;
            stride *= 2;
        }
        columns[kind.ordinal()] = used;
        return used++;
    }

    private void goTo(long time) {
        while (time / FIRST_SLICE_NS >>> doublings >= SLICES) {
            mergePairs();
        }
        slice = (int) (time / FIRST_SLICE_NS >>> doublings);
        slices = Math.max(slices, slice + 1);
        sliceFromNs = slice * sliceNs();
        sliceEndNs = sliceFromNs + sliceNs();
    }

    private void mergePairs() {
        int merged = slices + 1 >>> 1;
        for (int i = 0; i < merged; i++) {
            int to = i * stride;
            for (int column = 0; column < used; column++) {
                counts[to + column] = counts[2 * to + column] + counts[2 * to + stride + column];
            }
        }
        Arrays.fill(counts, merged * stride, slices * stride, 0);
        slices = merged;
        doublings++;
    }

    private long sliceNs() {
        return FIRST_SLICE_NS << doublings;
    }

    EventMix result() {
        long[][] rows = new long[used][slices];
        for (int i = 0; i < slices; i++) {
            for (int column = 0; column < used; column++) {
                rows[column][i] = counts[i * stride + column];
            }
        }
        List<EventMix.Row> mix = new ArrayList<>();
        for (EventKind kind : EventKind.values()) {
            int column = columns[kind.ordinal()];
            if (column != NONE) {
                mix.add(new EventMix.Row(kind.label(), rows[column]));
            }
        }
        return new EventMix(0, sliceNs(), slices, mix);
    }
}
