package org.iorewind.trace.align;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.align.ClockLink.Basis;
import org.jspecify.annotations.Nullable;

/**
 * Where the events of several traces of one session stand on one clock. Immutable.
 *
 * <p>Time 0 of this clock is that of the first trace, or the earliest event if that is earlier.
 */
public final class ClockAlignment {
    /** Whole seconds, of a clock that a virtual machine may have set by whole seconds: measured were 1.5 s. */
    private static final long CLOCK_LINE_NS = 2_000_000_000L;

    private static final double NS_PER_SECOND = 1e9;

    /** For each trace but the first the link through which it is placed; the links lead to the first trace. */
    private final List<ClockLink> links;

    private final @Nullable ClockLink[] byTrace;
    private final long zeroNs;
    private final long startUnixNs;

    private ClockAlignment(List<ClockLink> links, int traces, long zeroNs, long startUnixNs) {
        this.links = List.copyOf(links);
        this.byTrace = new @Nullable ClockLink[traces];
        for (ClockLink link : links) {
            byTrace[link.other()] = link;
        }
        this.zeroNs = zeroNs;
        this.startUnixNs = startUnixNs;
    }

    /**
     * Takes clocks as they are: the time of an event is its trace's start by the time of day, and the event's own time.
     * Either all traces know their start, or none does: then all count from the same moment.
     *
     * @param traces at least one
     * @throws TraceFormatException if some traces know the time of day and others do not
     */
    public static ClockAlignment wall(List<TraceReader> traces) {
        long start = Long.MAX_VALUE;
        boolean known = false;
        for (TraceReader trace : traces) {
            if (trace.session().startUnixNs() != 0) {
                known = true;
                start = Math.min(start, trace.session().startUnixNs());
            }
        }
        if (!known) {
            return none(traces);
        }
        List<ClockLink> links = new ArrayList<>();
        long first = traces.get(0).session().startUnixNs();
        for (int i = 0; i < traces.size(); i++) {
            long own = traces.get(i).session().startUnixNs();
            if (own == 0) {
                throw new TraceFormatException(
                        traces.get(i).path().toString(),
                        "event 0",
                        "the time of day at its start, as the other traces have it",
                        "none",
                        "its events cannot be placed among theirs: merge with --align auto, or record it with time stamps");
            }
            if (i > 0) {
                links.add(ClockLink.exact(0, i, Basis.WALL_CLOCK, own - first));
            }
        }
        return new ClockAlignment(links, traces.size(), start - first, start);
    }

    /** Lets all traces begin to count at the same moment, whatever they say of the time of day. */
    public static ClockAlignment none(List<TraceReader> traces) {
        return given(traces, new long[traces.size() - 1], Basis.SAME_START);
    }

    /**
     * Places each trace where the user says.
     *
     * @param offsetsNs for each trace but the first: the first one's clock when the trace's own clock shows 0
     * @throws IllegalArgumentException if their number is not that of the traces less one
     */
    public static ClockAlignment offsets(List<TraceReader> traces, long... offsetsNs) {
        return given(traces, offsetsNs, Basis.GIVEN);
    }

    private static ClockAlignment given(List<TraceReader> traces, long[] offsetsNs, Basis basis) {
        if (offsetsNs.length != traces.size() - 1) {
            throw new IllegalArgumentException("offsets=" + offsetsNs.length + " traces=" + traces.size());
        }
        List<ClockLink> links = new ArrayList<>();
        long least = 0;
        for (int i = 1; i < traces.size(); i++) {
            links.add(ClockLink.exact(0, i, basis, offsetsNs[i - 1]));
            least = Math.min(least, offsetsNs[i - 1]);
        }
        long start = traces.get(0).session().startUnixNs();
        return new ClockAlignment(links, traces.size(), least, start == 0 ? 0 : start + least);
    }

    /**
     * Finds out by what the traces tell of. Each trace is read once more for it.
     *
     * <p>Trace by trace the one with the most anchors in common with one already placed comes next. Without anchors a
     * time of day decides that both know, then a line of a kernel log that tells it; a trace without times is a state and
     * stands at the start.
     *
     * @param traces at least one
     * @throws TraceFormatException if a trace has too little in common with the others, or fits at several places
     */
    public static ClockAlignment auto(List<TraceReader> traces) {
        List<Anchors> anchors = new ArrayList<>();
        for (TraceReader trace : traces) {
            anchors.add(AnchorReader.read(trace));
        }
        List<ClockLink> links = new ArrayList<>();
        boolean[] placed = new boolean[traces.size()];
        placed[0] = true;
        for (int count = 1; count < traces.size(); count++) {
            ClockLink best = best(traces, anchors, placed);
            links.add(best);
            placed[best.other()] = true;
        }
        ClockAlignment raw = new ClockAlignment(links, traces.size(), 0, 0);
        long zero = 0;
        long start = 0;
        for (int i = 0; i < traces.size(); i++) {
            zero = Math.min(zero, raw.timeNs(i, anchors.get(i).firstTimeNs));
            long own = traces.get(i).session().startUnixNs();
            if (start == 0 && own != 0) {
                start = own - raw.timeNs(i, 0);
            }
        }
        return new ClockAlignment(links, traces.size(), zero, start == 0 ? 0 : start + zero);
    }

    private static ClockLink best(List<TraceReader> traces, List<Anchors> anchors, boolean[] placed) {
        ClockLink best = null;
        LinkFinder.Found nearest = new LinkFinder.Found(null, 0, 0, 0);
        int worst = -1;
        for (int other = 0; other < placed.length; other++) {
            for (int reference = 0; !placed[other] && reference < placed.length; reference++) {
                if (!placed[reference]) {
                    continue;
                }
                LinkFinder.Found found = LinkFinder.find(reference, anchors.get(reference), other, anchors.get(other));
                ClockLink link = found.link() != null
                        ? found.link()
                        : byClock(traces, reference, anchors.get(reference), other, anchors.get(other));
                if (link != null && (best == null || isBetter(link, best))) {
                    best = link;
                }
                if (worst < 0 || found.agreeing() > nearest.agreeing()) {
                    nearest = found;
                    worst = other;
                }
            }
        }
        if (best != null) {
            return best;
        }
        throw refusal(traces.get(worst), nearest);
    }

    private static boolean isBetter(ClockLink link, ClockLink best) {
        int byBasis = rank(link) - rank(best);
        return byBasis != 0 ? byBasis < 0 : link.agreeing() > best.agreeing();
    }

    private static int rank(ClockLink link) {
        return switch (link.basis()) {
            case CONTENT -> 0;
            case WALL_CLOCK, SAME_START, GIVEN -> 1;
            case CLOCK_LINE -> 2;
            case STATE -> 3;
        };
    }

    private static @Nullable ClockLink byClock(
            List<TraceReader> traces, int reference, Anchors there, int other, Anchors here) {
        long referenceStart = traces.get(reference).session().startUnixNs();
        long otherStart = traces.get(other).session().startUnixNs();
        if (referenceStart != 0 && otherStart != 0) {
            return ClockLink.exact(reference, other, Basis.WALL_CLOCK, otherStart - referenceStart);
        }
        if (referenceStart != 0 && here.toldAtNs != Anchors.NEVER) {
            return toldTime(reference, other, here.toldUnixNs - referenceStart - here.toldAtNs);
        }
        if (otherStart != 0 && there.toldAtNs != Anchors.NEVER) {
            return toldTime(reference, other, there.toldAtNs + otherStart - there.toldUnixNs - CLOCK_LINE_NS);
        }
        if (here.firstTimeNs == here.lastTimeNs) {
            return ClockLink.exact(reference, other, Basis.STATE, there.firstTimeNs - here.firstTimeNs - 1);
        }
        if (there.firstTimeNs == there.lastTimeNs) {
            return ClockLink.exact(reference, other, Basis.STATE, there.firstTimeNs - here.firstTimeNs + 1);
        }
        return null;
    }

    /** The line tells a second that is over: the offset may be larger than the least. */
    private static ClockLink toldTime(int reference, int other, long leastNs) {
        long half = CLOCK_LINE_NS / 2;
        return new ClockLink(
                reference, other, Basis.CLOCK_LINE, leastNs + half, leastNs, leastNs + CLOCK_LINE_NS, 0, 0, 1, 1, half);
    }

    private static TraceFormatException refusal(TraceReader trace, LinkFinder.Found nearest) {
        boolean rivals =
                nearest.agreeing() >= LinkFinder.FEWEST_ANCHORS && 2L * nearest.agreeing() >= nearest.anchors();
        String found = rivals
                ? nearest.agreeing() + " fit one offset and " + nearest.rival() + " another one"
                : nearest.agreeing() + " of " + nearest.anchors() + " fit one offset";
        return new TraceFormatException(
                trace.path().toString(),
                "",
                "at least " + LinkFinder.FEWEST_ANCHORS + " things that another trace tells of too (pages that a driver"
                        + " maps and a device uses, faults, devices that join groups), most of which fit one offset of"
                        + " the clocks and no other",
                found,
                "check that the traces are of the same run; say where it belongs with --align offset=SECONDS");
    }

    /** The links, one for each trace but the first. */
    public List<ClockLink> links() {
        return links;
    }

    /** The time of day at time 0, ns since 1970-01-01 UTC; 0 if no trace knows it. */
    public long startUnixNs() {
        return startUnixNs;
    }

    /**
     * Where an event stands.
     *
     * @param trace number of its trace
     * @param timeNs as its trace has it
     * @return ns on the common clock
     */
    public long timeNs(int trace, long timeNs) {
        int at = trace;
        long time = timeNs;
        for (ClockLink link = byTrace[at]; link != null; link = byTrace[at]) {
            time = link.toReference(time);
            at = link.reference();
        }
        return time - zeroNs;
    }

    /** How a trace was placed, as a sentence; empty for the first one. */
    public String sentence(int trace) {
        ClockLink link = byTrace[trace];
        return link == null ? "" : sentence(link);
    }

    /** A link as a sentence. Traces are numbered from 1. */
    public static String sentence(ClockLink link) {
        String placed = "Clock placed against [" + (link.reference() + 1) + "] by "
                + link.basis().words() + String.format(Locale.ROOT, ": offset %.6f s", link.offsetNs() / NS_PER_SECOND);
        if (link.basis() == Basis.CLOCK_LINE) {
            return placed + ", right to a second.";
        }
        if (link.basis() != Basis.CONTENT) {
            return placed + ".";
        }
        String drift = link.driftPpb() == 0
                ? "no drift to be seen"
                : String.format(Locale.ROOT, "drift %.3f millionths", link.driftPpb() / 1000.0);
        return placed
                + String.format(
                        Locale.ROOT,
                        " (from %.6f to %.6f), %s, %d of %d anchors agree, median distance %.6f s.",
                        link.lowNs() / NS_PER_SECOND,
                        link.highNs() / NS_PER_SECOND,
                        drift,
                        link.agreeing(),
                        link.anchors(),
                        link.distanceNs() / NS_PER_SECOND);
    }
}
