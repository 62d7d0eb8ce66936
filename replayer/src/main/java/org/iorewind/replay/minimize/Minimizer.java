package org.iorewind.replay.minimize;

import java.util.BitSet;
import java.util.Optional;
import org.iorewind.replay.Playback;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.predicate.StatePredicate;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.UnsupportedTraceException;

/**
 * Leaves out events of a trace as long as what is left still shows something.
 *
 * <pre>
 *   all groups ─▶ without the last half? without the first? ─▶ quarters ─▶ … ─▶ each for itself, until none can go
 * </pre>
 *
 * <p>The same trace and question give the same answer. Not thread-safe, except for {@link #stop}.
 */
public final class Minimizer {
    private final EventFrames frames = new EventFrames();
    private final CausalUnits units = new CausalUnits(1 << 10);
    private final TraceReader trace;
    private final ReplayOptions options;
    private final long mostReplays;
    private volatile boolean isStopped;
    private long replays;

    /** Whether some events still show it. */
    @FunctionalInterface
    public interface Test {
        /** Asked for one selection after the other. */
        boolean shows(Selection selection);
    }

    /**
     * What is left.
     *
     * @param selection that still shows it
     * @param events of the trace
     * @param replays how often was tried
     * @param isMinimal whether no group of events can be left out any more; false if it was stopped before
     */
    public record Result(Selection selection, long events, long replays, boolean isMinimal) {}

    /**
     * Reads a trace.
     *
     * @param trace to read; stays open
     * @param options of all replays; the progress is told of replays
     * @param mostReplays how often may be tried
     * @throws UnsupportedTraceException if it has more than 128 MiB of events
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     */
    public Minimizer(TraceReader trace, ReplayOptions options, long mostReplays) {
        this.trace = trace;
        this.options =
                new ReplayOptions(options.profile(), options.divergenceLimit(), 0, options.model(), options.progress());
        this.mostReplays = mostReplays;
        Playback playback = Playback.start(trace.session(), trace.path().toString(), this.options);
        try (EventCursor events = trace.cursor()) {
            while (events.next()) {
                EventView event = events.event();
                if (!frames.add(event)) {
                    throw new UnsupportedTraceException(
                            trace.path().toString(),
                            "events",
                            "at most " + (EventFrames.MOST_BYTES >> 20) + " MiB of events",
                            "more",
                            "cut it with split first");
                }
                units.before(event, playback);
                playback.handle(event);
                units.after(event, playback);
            }
        }
    }

    /** Lets it end soon, with the best so far. Any thread. */
    public void stop() {
        isStopped = true;
    }

    /**
     * Keeps what a predicate needs to hold at some event.
     *
     * @return empty if it holds nowhere
     */
    public Optional<Result> keep(StatePredicate predicate) {
        BitSet all = all();
        PredicateProbe first = probe(predicate);
        new Selection(frames, units, all).play(first);
        if (!first.hasHeld()) {
            return Optional.empty();
        }
        // What comes behind the event can be of no use; what was observed of its input belongs to it.
        int end = 0;
        for (int i = 0; i < first.handled(); i++) {
            end = all.nextSetBit(end) + 1;
        }
        while (end < frames.size() && !isInput(end)) {
            end++;
        }
        BitSet late = new BitSet();
        late.set(end, frames.size());
        late.andNot(units.fixed());
        all.andNot(late);
        return reduce(all, selection -> {
            PredicateProbe probe = probe(predicate);
            selection.play(probe);
            return probe.hasHeld();
        });
    }

    private PredicateProbe probe(StatePredicate predicate) {
        return new PredicateProbe(predicate, options, trace.path().toString(), () -> isStopped);
    }

    /**
     * Keeps what somebody needs to say that it is still shown.
     *
     * @return empty if even the whole trace does not show it
     */
    public Optional<Result> keep(Test test) {
        return reduce(all(), test);
    }

    private BitSet all() {
        BitSet all = units.fixed();
        units.groups(false).forEach(all::or);
        return all;
    }

    private boolean isInput(int event) {
        EventKind kind = frames.event(event).kind();
        return kind != null && kind.eventClass() == EventClass.INPUT;
    }

    private Optional<Result> reduce(BitSet start, Test test) {
        if (!ask(start, test)) {
            return Optional.empty();
        }
        DeltaDebugging search =
                new DeltaDebugging(start, candidate -> ask(candidate, test), () -> isStopped || replays >= mostReplays);
        boolean isMinimal = search.reduce(units.groups(true)) && search.reduce(units.groups(false));
        return Optional.of(new Result(new Selection(frames, units, search.best()), frames.size(), replays, isMinimal));
    }

    private boolean ask(BitSet candidate, Test test) {
        replays++;
        options.progress().at(replays, mostReplays);
        return test.shows(new Selection(frames, units, candidate));
    }
}
