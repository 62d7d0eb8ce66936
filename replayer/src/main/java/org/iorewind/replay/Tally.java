package org.iorewind.replay;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;

/** Counts how comparisons went, and keeps the first divergences in full. */
final class Tally implements Stateful {
    private static final int MOST_KNOWN = 1 << 16;

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

    long divergences() {
        return divergences;
    }

    List<Divergence> first() {
        return List.copyOf(first);
    }

    SortedMap<String, Long> known() {
        return new TreeMap<>(known);
    }

    @Override
    public void saveTo(StateSink sink) {
        sink.addLong(matched);
        sink.addLong(knownTotal);
        sink.addLong(divergences);
        sink.addLong(notComparable);
        sink.addLong(known.size());
        known.forEach((id, count) -> {
            StateTexts.add(sink, id);
            sink.addLong(count);
        });
        sink.addLong(first.size());
        for (Divergence divergence : first) {
            sink.addLong(divergence.sequence());
            sink.addLong(divergence.inputSequence());
            StateTexts.add(sink, divergence.kind());
            StateTexts.add(sink, divergence.field());
            StateTexts.add(sink, divergence.recorded());
            StateTexts.add(sink, divergence.predicted());
            StateTexts.add(sink, divergence.deviation());
            StateTexts.add(sink, divergence.state());
        }
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        matched = source.next();
        knownTotal = source.next();
        divergences = source.next();
        notComparable = source.next();
        known.clear();
        for (int left = source.nextBelow(MOST_KNOWN); left > 0; left--) {
            String id = StateTexts.next(source);
            known.put(id, source.next());
        }
        first.clear();
        for (int left = source.nextBelow(limit + 1); left > 0; left--) {
            first.add(new Divergence(
                    source.next(),
                    source.next(),
                    StateTexts.next(source),
                    StateTexts.next(source),
                    StateTexts.next(source),
                    StateTexts.next(source),
                    StateTexts.next(source),
                    StateTexts.next(source)));
        }
    }
}
