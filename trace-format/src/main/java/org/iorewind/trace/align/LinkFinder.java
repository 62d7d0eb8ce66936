package org.iorewind.trace.align;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.iorewind.trace.align.Anchors.PageKey;
import org.iorewind.trace.align.Anchors.PointKind;
import org.iorewind.trace.align.Anchors.Span;
import org.jspecify.annotations.Nullable;

/** Compares what two traces tell of, and finds the offset at which most of it fits together. */
final class LinkFinder {
    /** With less there is nothing that could disagree. */
    static final int FEWEST_ANCHORS = 3;
    /** Two that tell of the same moment do it this near to each other: the kernel prints faults later than it learns of them. */
    static final long POINT_TOLERANCE_NS = 20_000_000L;
    /** A page that is never unmapped is used soon after it was mapped, or says nothing. */
    static final long FIRST_USE_NS = 50_000_000L;
    /** What is nearer to the best offset than this belongs to it. */
    private static final long MARGIN_NS = 10_000_000L;
    /** Most pairs of a span and a use, or of two points, that are looked at: those of the rarest keys come first. */
    private static final int MOST_PAIRS = 4_000_000;
    /** Another offset that fits nearly as many anchors makes both worth nothing: this many of a hundred. */
    private static final long RIVAL_PERCENT = 95;

    private final Anchors reference;
    private final Anchors other;
    private final List<Vote> votes = new ArrayList<>();
    private int comparable;
    /** Which faults can be told from each other. */
    private PointKind faults = PointKind.FAULT;

    /** One thing that both tell of: the offset lies from low to high. */
    record Vote(long lowNs, long highNs, long otherTimeNs) {}

    /**
     * What was found.
     *
     * @param link null if nothing can be said
     * @param anchors that both tell of
     * @param agreeing most that fit one offset
     * @param rival most that fit another one
     */
    record Found(@Nullable ClockLink link, int anchors, int agreeing, int rival) {}

    private LinkFinder(Anchors reference, Anchors other) {
        this.reference = reference;
        this.other = other;
    }

    static Found find(int referenceNumber, Anchors reference, int otherNumber, Anchors other) {
        return new LinkFinder(reference, other).find(referenceNumber, otherNumber);
    }

    private Found find(int referenceNumber, int otherNumber) {
        spans(other.spans, reference.uses, false);
        spans(reference.spans, other.uses, true);
        points();
        // a long session agrees in no offset before its drift is known
        Drift drift = Drift.of(votes, MARGIN_NS);
        OffsetVote.Outcome best = Drift.count(votes, drift.pivotNs(), drift.ppb(), MARGIN_NS);
        boolean few = best.votes() < FEWEST_ANCHORS || 2L * best.votes() < comparable;
        boolean ambiguous = best.rivalVotes() * 100L >= best.votes() * RIVAL_PERCENT;
        if (few || ambiguous) {
            return new Found(null, comparable, best.votes(), best.rivalVotes());
        }
        long offset = best.lowNs() + (best.highNs() - best.lowNs()) / 2;
        ClockLink link = new ClockLink(
                referenceNumber,
                otherNumber,
                ClockLink.Basis.CONTENT,
                offset,
                best.lowNs(),
                best.highNs(),
                drift.pivotNs(),
                drift.ppb(),
                comparable,
                Math.min(comparable, best.votes()),
                0);
        return new Found(withDistance(link), comparable, best.votes(), best.rivalVotes());
    }

    /** Every use of a page lies within one of its spans: each pair of the two votes for the offsets at which it does. */
    private void spans(Map<PageKey, List<Span>> spans, Map<PageKey, List<Long>> uses, boolean spansAreReference) {
        List<PageKey> keys = new ArrayList<>();
        for (PageKey key : spans.keySet()) {
            if (uses.containsKey(key)) {
                keys.add(key);
            }
        }
        keys.sort(Comparator.comparingLong((PageKey key) ->
                        (long) at(spans, key).size() * at(uses, key).size())
                .thenComparingLong(PageKey::iovaPage)
                .thenComparingLong(PageKey::physicalPage));
        for (PageKey key : keys) {
            List<Span> mapped = at(spans, key);
            List<Long> used = at(uses, key);
            if (votes.size() + (long) mapped.size() * used.size() > MOST_PAIRS) {
                return;
            }
            boolean neverUnmapped = mapped.size() == 1 && mapped.get(0).toNs == Anchors.NEVER;
            if (neverUnmapped) {
                long from = mapped.get(0).fromNs;
                long use = used.get(0);
                comparable++;
                vote(use - from - FIRST_USE_NS, use - from, use, from, spansAreReference);
                continue;
            }
            comparable += used.size();
            for (Span span : mapped) {
                if (span.toNs == Anchors.NEVER) {
                    continue;
                }
                for (long use : used) {
                    vote(use - span.toNs, use - span.fromNs, use, span.fromNs, spansAreReference);
                }
            }
        }
    }

    /** The distance between a span and its use lies from low to high; which of the two has the reference's clock decides. */
    private void vote(long low, long high, long use, long from, boolean spansAreReference) {
        votes.add(spansAreReference ? new Vote(-high, -low, use) : new Vote(low, high, from));
    }

    private void points() {
        points(PointKind.GROUP);
        int before = votes.size();
        points(PointKind.FAULT);
        faults = votes.size() > before ? PointKind.FAULT : PointKind.FAULT_OF_DEVICE;
        if (faults == PointKind.FAULT_OF_DEVICE) {
            points(faults);
        }
    }

    private void points(PointKind kind) {
        for (var entry : other.points.entrySet()) {
            List<Long> there = reference.points.get(entry.getKey());
            if (there == null || entry.getKey().kind() != kind) {
                continue;
            }
            List<Long> here = entry.getValue();
            if (votes.size() + (long) here.size() * there.size() > MOST_PAIRS) {
                return;
            }
            comparable += Math.min(here.size(), there.size());
            // told of as often by both: the first is the first
            boolean inStep = here.size() == there.size();
            for (int i = 0; i < here.size(); i++) {
                for (int j = inStep ? i : 0; j < (inStep ? i + 1 : there.size()); j++) {
                    long offset = there.get(j) - here.get(i);
                    votes.add(new Vote(offset - POINT_TOLERANCE_NS, offset + POINT_TOLERANCE_NS, here.get(i)));
                }
            }
        }
    }

    /** The same link, with the median distance from a map to the first use, and of points from each other. */
    private ClockLink withDistance(ClockLink link) {
        List<Long> distances = new ArrayList<>();
        other.spans.forEach((key, mapped) -> {
            List<Long> used = reference.uses.get(key);
            for (Span span : mapped) {
                long to = span.toNs == Anchors.NEVER ? Anchors.NEVER : link.toReference(span.toNs);
                firstUse(used, link.toReference(span.fromNs), to, distances);
            }
        });
        reference.spans.forEach((key, mapped) -> {
            List<Long> used = other.uses.get(key);
            List<Long> moved = new ArrayList<>();
            if (used != null) {
                used.forEach(time -> moved.add(link.toReference(time)));
            }
            mapped.forEach(span -> firstUse(moved, span.fromNs, span.toNs, distances));
        });
        other.points.forEach((key, here) -> {
            if (key.kind() != PointKind.GROUP && key.kind() != faults) {
                return;
            }
            List<Long> there = reference.points.getOrDefault(key, List.of());
            for (long time : here) {
                long moved = link.toReference(time);
                there.stream()
                        .mapToLong(referenceTime -> Math.abs(referenceTime - moved))
                        .filter(distance -> distance <= POINT_TOLERANCE_NS)
                        .min()
                        .ifPresent(distances::add);
            }
        });
        Collections.sort(distances);
        long median = distances.isEmpty() ? 0 : distances.get(distances.size() / 2);
        return new ClockLink(
                link.reference(),
                link.other(),
                link.basis(),
                link.offsetNs(),
                link.lowNs(),
                link.highNs(),
                link.pivotNs(),
                link.driftPpb(),
                link.anchors(),
                link.agreeing(),
                median);
    }

    private static void firstUse(@Nullable List<Long> used, long from, long to, List<Long> distances) {
        if (used == null || used.isEmpty()) {
            return;
        }
        long[] times = used.stream().mapToLong(Long::longValue).toArray();
        int at = Arrays.binarySearch(times, from);
        int next = at < 0 ? -at - 1 : at;
        if (next < times.length && times[next] <= to) {
            distances.add(times[next] - from);
        }
    }

    private static <K, V> List<V> at(Map<K, List<V>> map, K key) {
        return map.getOrDefault(key, List.of());
    }
}
