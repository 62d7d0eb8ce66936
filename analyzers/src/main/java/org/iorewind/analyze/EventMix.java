package org.iorewind.analyze;

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
}
