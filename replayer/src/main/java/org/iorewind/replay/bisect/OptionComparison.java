package org.iorewind.replay.bisect;

import java.util.List;
import org.iorewind.replay.Playback;
import org.iorewind.replay.ReplayListener;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/**
 * Replays one trace under two sets of options, side by side, and finds the first event at which the two part.
 *
 * <pre>
 *   event ──▶ model with these options ──▶ outcome ┐
 *        └──▶ model with those options ──▶ outcome ┴─ alike?  what it did; and apart from that, what it cost
 * </pre>
 *
 * <p>The outcome of an event is what the model answers, stores, logs and signals because of it, in order; of a register that is
 * read, whether its value is the recorded one. That a cached page is larger is no difference as long as requests lead to the same
 * place with the same rights.
 */
public final class OptionComparison {
    private static final int PROGRESS_EVENTS = 1 << 14;

    /**
     * Where the two part.
     *
     * @param sequence of the event
     * @param what the first did there, in words
     * @param otherWhat the second did there
     */
    public record Difference(long sequence, String what, String otherWhat) {}

    /**
     * The comparison.
     *
     * @param outcome first event with another outcome, or null
     * @param cost first event that cost something else, or null
     */
    public record Result(
            @Nullable Difference outcome, @Nullable Difference cost) {}

    /**
     * One side.
     *
     * @param options of its replay
     * @param listeners follow it
     */
    public record Side(ReplayOptions options, List<ReplayListener> listeners) {
        /** Copies the listeners. */
        public Side {
            listeners = List.copyOf(listeners);
        }
    }

    private final EventOutcome outcomeA = new EventOutcome();
    private final EventOutcome outcomeB = new EventOutcome();
    private final Playback a;
    private final Playback b;
    private @Nullable Difference outcome;
    private @Nullable Difference cost;
    private long last;

    private OptionComparison(TraceReader trace, Side sideA, Side sideB) {
        a = start(trace, sideA, outcomeA);
        b = start(trace, sideB, outcomeB);
    }

    private static Playback start(TraceReader trace, Side side, EventOutcome outcome) {
        ReplayListener[] listeners = new ReplayListener[side.listeners().size() + 1];
        listeners[0] = outcome;
        for (int i = 1; i < listeners.length; i++) {
            listeners[i] = side.listeners().get(i - 1);
        }
        return Playback.start(trace.session(), trace.path().toString(), side.options(), listeners);
    }

    /**
     * Compares; the progress of the first side's options is told.
     *
     * @param trace to replay; stays open
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     */
    public static Result compare(TraceReader trace, Side sideA, Side sideB) {
        OptionComparison comparison = new OptionComparison(trace, sideA, sideB);
        comparison.run(trace, sideA.options());
        return new Result(comparison.outcome, comparison.cost);
    }

    private void run(TraceReader trace, ReplayOptions options) {
        try (EventCursor events = trace.cursor()) {
            while (events.next()) {
                handle(events.event());
                if (last % PROGRESS_EVENTS == 0) {
                    options.progress().at(last, -1);
                }
            }
        }
    }

    private void handle(EventView event) {
        last = event.sequence();
        long divergencesA = a.divergences();
        long divergencesB = b.divergences();
        a.handle(event);
        b.handle(event);
        if (event.kind() == EventKind.MMIO_READ_VALUE) {
            // What a register read answers shows in no other way.
            outcomeA.divergences(a.divergences() - divergencesA);
            outcomeB.divergences(b.divergences() - divergencesB);
        }
        if (outcome == null && !outcomeA.isSame(outcomeB)) {
            outcome = new Difference(last, outcomeA.firstUnlike(outcomeB), outcomeB.firstUnlike(outcomeA));
        }
        if (cost == null && !outcomeA.isAsExpensive(outcomeB)) {
            cost = new Difference(last, outcomeA.costs(), outcomeB.costs());
        }
    }
}
