package org.iorewind.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Counts how comparisons went, and keeps the first divergences in full. */
final class Tally {
    private final int limit;
    private final List<Divergence> first = new ArrayList<>();
    private final SortedMap<String, Long> known = new TreeMap<>();
    private long matched;
    private long knownTotal;
    private long divergences;
    private long notComparable;

    Tally(int limit) {
        this.limit = limit;
    }

    void matched() {
        matched++;
    }

    void notComparable() {
        notComparable++;
    }

    /** Whether another divergence would be kept: its state need not be described otherwise. */
    boolean wantsMore() {
        return first.size() < limit;
    }

    void diverged(Divergence divergence) {
        if (!divergence.deviation().isEmpty()) {
            knownTotal++;
            known.merge(divergence.deviation(), 1L, Long::sum);
            return;
        }
        divergences++;
        if (wantsMore()) {
            first.add(divergence);
        }
    }

    ReplayResult.Observations observations() {
        return new ReplayResult.Observations(
                matched + knownTotal + divergences, matched, knownTotal, divergences, notComparable);
    }

    List<Divergence> first() {
        return List.copyOf(first);
    }

    SortedMap<String, Long> known() {
        return known;
    }
}
