package org.iorewind.analyze;

import java.util.ArrayList;
import java.util.List;

/**
 * How many events of each kind fell into each of a fixed number of equal time slices.
 *
 * @param startNs time of the first slice's start
 * @param sliceNs length of a slice in ns, at least 1
 * @param slices number of slices
 * @param kinds one row per event kind that occurs, in template-id order
 */
public record EventMix(long startNs, long sliceNs, int slices, List<Row> kinds) {
    /**
     * Counts of one kind.
     *
     * @param kind name of the event kind
     * @param counts one count per slice
     */
    public record Row(String kind, long[] counts) {}

    /**
     * The same with longer slices: neighbours are added up.
     *
     * @param most slices of the result, at least 1
     * @return this if it has no more
     */
    public EventMix coarsened(int most) {
        int step = (slices + most - 1) / most;
        if (step <= 1) {
            return this;
        }
        int fewer = (slices + step - 1) / step;
        List<Row> rows = new ArrayList<>();
        for (Row row : kinds) {
            long[] counts = new long[fewer];
            for (int i = 0; i < row.counts().length; i++) {
                counts[i / step] += row.counts()[i];
            }
            rows.add(new Row(row.kind(), counts));
        }
        return new EventMix(startNs, sliceNs * step, fewer, rows);
    }
}
