package org.iorewind.trace.align;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

/**
 * How much slower one clock runs than another. The session is cut into parts, each part votes for its own offset, and the
 * median of the slopes between the parts (Theil and Sen's) is the drift: a part that is wrong moves it little.
 *
 * @param pivotNs time at which the drift is 0
 * @param ppb billionths
 */
record Drift(long pivotNs, long ppb) {
    private static final Drift NONE = new Drift(0, 0);
    private static final int PARTS = 8;
    private static final int FEWEST_VOTES_OF_A_PART = 16;
    /** Crystals differ by less than this: 500 millionths. */
    private static final long MOST_PPB = 500_000;

    private static final long SEARCH_NS = 5_000_000L;
    private static final long BILLION = 1_000_000_000L;
    private static final long SHORTEST_NS = 10 * BILLION;

    /** What one part says. */
    private record Part(long timeNs, long offsetNs, long uncertainNs) {}

    static OffsetVote.Outcome count(List<LinkFinder.Vote> votes, long pivotNs, long ppb, long marginNs) {
        OffsetVote vote = new OffsetVote();
        Drift known = new Drift(pivotNs, ppb);
        for (LinkFinder.Vote one : votes) {
            long drift = known.at(one.otherTimeNs());
            vote.add(one.lowNs() - drift, one.highNs() - drift);
        }
        return vote.count(marginNs);
    }

    /** The drift; none if the session is too short, or it is less than the parts leave open. */
    static Drift of(List<LinkFinder.Vote> votes, long marginNs) {
        Drift rough = slope(votes, count(votes, 0, 0, marginNs));
        if (rough.ppb == 0) {
            return rough;
        }
        // without most of the drift each part agrees better, and says more exactly what is left
        List<LinkFinder.Vote> straight = new ArrayList<>();
        for (LinkFinder.Vote vote : votes) {
            long drift = rough.at(vote.otherTimeNs());
            straight.add(new LinkFinder.Vote(vote.lowNs() - drift, vote.highNs() - drift, vote.otherTimeNs()));
        }
        Drift rest = slope(straight, count(straight, 0, 0, marginNs));
        return new Drift(rough.pivotNs, rough.ppb + rest.ppb);
    }

    private long at(long timeNs) {
        long since = timeNs - pivotNs;
        return since / BILLION * ppb + since % BILLION * ppb / BILLION;
    }

    private static Drift slope(List<LinkFinder.Vote> votes, OffsetVote.Outcome whole) {
        if (votes.isEmpty()) {
            return NONE;
        }
        List<LinkFinder.Vote> byTime = new ArrayList<>(votes);
        byTime.sort(Comparator.comparingLong(LinkFinder.Vote::otherTimeNs));
        long first = byTime.get(0).otherTimeNs();
        long duration = byTime.get(byTime.size() - 1).otherTimeNs() - first;
        if (duration < SHORTEST_NS) {
            return NONE;
        }
        long reach = SEARCH_NS + duration / BILLION * MOST_PPB;
        byTime.removeIf(vote -> vote.lowNs() > whole.highNs() + reach || vote.highNs() < whole.lowNs() - reach);
        List<Part> parts = parts(byTime, first, duration);
        if (parts.size() < PARTS / 2) {
            return NONE;
        }
        List<Long> slopes = new ArrayList<>();
        long uncertain = 0;
        for (int i = 0; i < parts.size(); i++) {
            uncertain = Math.max(uncertain, parts.get(i).uncertainNs);
            for (int j = i + 1; j < parts.size(); j++) {
                long time = parts.get(j).timeNs - parts.get(i).timeNs;
                long millis = Math.max(1, time / 1_000_000);
                slopes.add((parts.get(j).offsetNs - parts.get(i).offsetNs) * 1_000 / millis);
            }
        }
        long[] sorted = slopes.stream().mapToLong(Long::longValue).sorted().toArray();
        long ppb = sorted[sorted.length / 2];
        boolean told = Math.abs(ppb) <= MOST_PPB && Math.abs(ppb) * (duration / BILLION) > uncertain;
        return told ? new Drift(first, ppb) : NONE;
    }

    private static List<Part> parts(List<LinkFinder.Vote> byTime, long first, long duration) {
        List<Part> parts = new ArrayList<>();
        int from = 0;
        for (int i = 1; i <= PARTS; i++) {
            long until = first + duration / PARTS * i;
            int to = from;
            while (to < byTime.size() && (byTime.get(to).otherTimeNs() <= until || i == PARTS)) {
                to++;
            }
            List<LinkFinder.Vote> own = byTime.subList(from, to);
            OffsetVote.Outcome outcome = count(own, 0, 0, 0);
            if (outcome.votes() >= FEWEST_VOTES_OF_A_PART) {
                long[] times =
                        own.stream().mapToLong(LinkFinder.Vote::otherTimeNs).toArray();
                Arrays.sort(times);
                long half = (outcome.highNs() - outcome.lowNs()) / 2;
                parts.add(new Part(times[times.length / 2], outcome.lowNs() + half, half));
            }
            from = to;
        }
        return parts;
    }
}
