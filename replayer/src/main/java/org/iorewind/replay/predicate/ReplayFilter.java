package org.iorewind.replay.predicate;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.replay.Comparison;
import org.iorewind.replay.Playback;
import org.iorewind.replay.ReplayListener;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.checkpoint.Checkpoint;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.travel.Effects;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/**
 * A predicate that is asked of each event of a trace, in order, while a replay runs along. It may name all that
 * {@link StatePredicate} knows; {@code counts.…}, what {@link EventCounts} knows of the event; and {@code unobserved}: how many
 * predictions of an input nobody observed. That is known when the next input comes, so that where it is asked for a second replay
 * runs ahead.
 *
 * <pre>
 *     events                  input  observation  observation  input  …
 *     the replay is here      ^
 *     the one ahead is here                                    ^      the first input is settled
 * </pre>
 *
 * <p>Not thread-safe.
 */
public final class ReplayFilter implements AutoCloseable {
    private final StatePredicate predicate;
    private final Effects effects = new Effects();
    private final Playback playback;
    private final @Nullable Ahead ahead;
    private final boolean isFedFromStart;

    private ReplayFilter(
            StatePredicate predicate,
            TraceReader trace,
            ReplayOptions options,
            EventCounts counts,
            boolean looksAhead) {
        this.predicate = predicate;
        isFedFromStart = looksAhead || !counts.listeners().isEmpty();
        List<ReplayListener> listeners = new ArrayList<>(List.of(effects));
        listeners.addAll(counts.listeners());
        playback = Playback.start(
                trace.session(), trace.path().toString(), options, listeners.toArray(new ReplayListener[0]));
        ahead = looksAhead ? new Ahead(trace, options) : null;
    }

    /** Whether a filter asks for what an event by itself does not tell. What is no expression does not. */
    public static boolean isNeededFor(String expression) {
        return ExpressionNames.of(expression).askAReplay();
    }

    /**
     * Checks an expression.
     *
     * @param counts that it may ask for
     * @throws FilterException if it is not valid; the message points at the place
     */
    public static void check(String expression, EventCounts counts) {
        StatePredicate.forFilter(expression, counts);
    }

    /**
     * A filter before the first event.
     *
     * @param expression in CEL; must yield a boolean
     * @param trace whose events will be asked about; stays open
     * @param options of the replay
     * @param counts that the expression may ask for; fresh, and fed only if it does
     * @throws FilterException if the expression is not valid
     * @throws org.iorewind.trace.UnsupportedTraceException if there is no such profile
     */
    public static ReplayFilter open(String expression, TraceReader trace, ReplayOptions options, EventCounts counts) {
        ExpressionNames names = ExpressionNames.of(expression);
        EventCounts fed = names.contain(StatePredicate.COUNTS) ? counts : EventCounts.NONE;
        StatePredicate predicate = StatePredicate.forFilter(expression, counts);
        return new ReplayFilter(predicate, trace, options, fed, names.contain(StatePredicate.UNOBSERVED));
    }

    /**
     * Before anything is asked: goes to the last checkpoint before an event, unless the expression asks for what is known only by who
     * has seen all events.
     *
     * @param store of checkpoints of the trace under the options of the replay
     * @return number of the event that must come next
     */
    public long skipTo(CheckpointStore store, long sequence) {
        Checkpoint before = isFedFromStart ? null : store.floor(sequence);
        return before == null ? 0 : store.restore(playback, before, Checkpoint.take(playback));
    }

    /**
     * Whether the next event matches.
     *
     * @param event the one behind that which was asked about or passed last, from the first on or that of {@link #skipTo}
     */
    public boolean test(EventView event) {
        playback.handle(event);
        if (ahead != null) {
            predicate.unobserved(isInput(event) ? ahead.unobservedOf(event.sequence()) : 0);
        }
        return predicate.holds(event, playback, effects);
    }

    /** Goes on to the next event without asking about it. */
    public void pass(EventView event) {
        playback.handle(event);
    }

    private static boolean isInput(EventView event) {
        EventKind kind = event.kind();
        return kind != null && kind.eventClass() == EventClass.INPUT;
    }

    @Override
    public void close() {
        if (ahead != null) {
            ahead.close();
        }
    }

    /** Replays to the input behind one, or to the end. */
    private static final class Ahead implements ReplayListener, AutoCloseable {
        private final Playback playback;
        private final EventCursor events;
        private long input = -1;
        private long missing;
        private long next = -1;
        private boolean isOver;

        private Ahead(TraceReader trace, ReplayOptions options) {
            playback = Playback.start(trace.session(), trace.path().toString(), options, this);
            events = trace.cursor();
        }

        @Override
        public void compared(long event, Comparison outcome, String deviation) {
            missing += outcome == Comparison.MISSING && event == input ? 1 : 0;
        }

        /** How many predictions of an input, which is behind those asked about before, nobody observed. */
        private long unobservedOf(long sequence) {
            while (!isOver && next < sequence) {
                toNextInput();
            }
            input = sequence;
            missing = 0;
            toNextInput();
            return missing;
        }

        /** Settling is the first thing that happens with an input. */
        private void toNextInput() {
            while (!isOver) {
                if (!events.next()) {
                    playback.settle();
                    isOver = true;
                    return;
                }
                playback.handle(events.event());
                if (isInput(events.event())) {
                    next = events.event().sequence();
                    return;
                }
            }
        }

        @Override
        public void close() {
            events.close();
        }
    }
}
