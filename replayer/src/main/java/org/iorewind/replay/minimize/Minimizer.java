package org.iorewind.replay.minimize;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import org.agrona.DirectBuffer;
import org.iorewind.replay.Playback;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.predicate.StatePredicate;
import org.iorewind.replay.travel.Effects;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.FrameEventView;
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
    private BitSet best = new BitSet();
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
        Question question = new Question(predicate);
        if (!question.shows(new Selection(frames, units, all))) {
            return Optional.empty();
        }
        // What comes behind the event can be of no use; what was observed of its input belongs to it.
        int end = 0;
        for (int i = 0; i < question.handled; i++) {
            end = all.nextSetBit(end) + 1;
        }
        while (end < frames.size() && !isInput(end)) {
            end++;
        }
        BitSet late = new BitSet();
        late.set(end, frames.size());
        late.andNot(units.fixed());
        all.andNot(late);
        return reduce(all, question);
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
        best = start;
        if (!ask(start, test)) {
            return Optional.empty();
        }
        boolean isMinimal = reduce(groups(true), test) && reduce(groups(false), test);
        return Optional.of(new Result(new Selection(frames, units, best), frames.size(), replays, isMinimal));
    }

    /** What is left of the groups. */
    private List<BitSet> groups(boolean isCoarse) {
        List<BitSet> left = new ArrayList<>();
        for (BitSet group : units.groups(isCoarse)) {
            group.and(best);
            if (!group.isEmpty()) {
                left.add(group);
            }
        }
        return left;
    }

    /** Whether it came to its end. */
    private boolean reduce(List<BitSet> groups, Test test) {
        List<BitSet> left = groups;
        int size = Math.max(1, (left.size() + 1) / 2);
        while (!left.isEmpty()) {
            int before = left.size();
            for (int to = left.size(); to > 0; to -= size) {
                int from = Math.max(0, to - size);
                if (isStopped || replays >= mostReplays) {
                    return false;
                }
                BitSet candidate = (BitSet) best.clone();
                left.subList(from, to).forEach(candidate::andNot);
                if (ask(candidate, test)) {
                    best = candidate;
                    left.subList(from, to).clear();
                }
            }
            if (size == 1 && left.size() == before) {
                return true;
            }
            size = Math.max(1, Math.min(size, left.size() + 1) / 2);
        }
        return true;
    }

    private boolean ask(BitSet candidate, Test test) {
        replays++;
        options.progress().at(replays, mostReplays);
        return test.shows(new Selection(frames, units, candidate));
    }

    /** Replays a selection, and asks a predicate after each event, until it holds. */
    private final class Question implements Test, EventAppender {
        private final StatePredicate predicate;
        private final FrameEventView view = new FrameEventView();
        private final Effects effects = new Effects();
        private Playback playback;
        private boolean hasHeld;
        private int handled;

        Question(StatePredicate predicate) {
            this.predicate = predicate;
            this.playback = start();
        }

        private Playback start() {
            return Playback.start(trace.session(), trace.path().toString(), options, effects);
        }

        @Override
        public boolean shows(Selection selection) {
            playback = start();
            hasHeld = false;
            handled = 0;
            selection.play(this);
            if (!hasHeld && handled > 0 && !isStopped) {
                playback.settle();
                hasHeld = predicate.holds(view, playback, effects);
            }
            return hasHeld;
        }

        @Override
        public long append(DirectBuffer buffer, int offset, int lengthBytes) {
            if (hasHeld || isStopped) {
                return EventAppender.SEQUENCE_PENDING;
            }
            if (view.tryWrap(buffer, offset, offset + lengthBytes, handled) != null) {
                throw new IllegalStateException("a frame that a reader showed is not sound: event=" + handled);
            }
            playback.handle(view);
            hasHeld = predicate.holds(view, playback, effects);
            return handled++;
        }

        @Override
        public void close() {}
    }
}
