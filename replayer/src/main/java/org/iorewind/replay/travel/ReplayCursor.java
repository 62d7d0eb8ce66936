package org.iorewind.replay.travel;

import org.iorewind.replay.Machine;
import org.iorewind.replay.Playback;
import org.iorewind.replay.ReplayListener;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.checkpoint.Checkpoint;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.checkpoint.Spacing;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/**
 * Moves over a trace in both directions. It stands on an event, and the state is the one behind that event; before the first
 * event it stands on none, and the sequence number is -1. Each motion stops cleanly at both ends, and when
 * {@link #interrupt} is called, within some thousand events; wherever it stops, event, state and counts belong together.
 *
 * <p>Going back is going forward from a checkpoint. On its way the cursor takes checkpoints where there are none yet.
 *
 * <p>Not thread-safe, except for {@link #interrupt}.
 */
public final class ReplayCursor implements AutoCloseable {
    private static final int SLICE_EVENTS = 1 << 10;

    private final TraceReader trace;
    private final EventCursor events;
    private final Effects effects = new Effects();
    private final Playback playback;
    private final CheckpointStore store;
    private final Spacing spacing;
    private final Checkpoint origin;
    private final NearCheckpoints near = new NearCheckpoints();
    private final ReplayOptions options;
    private volatile boolean isInterrupted;
    private boolean hasHeld;
    private long handled;
    private long knownEnd = Long.MAX_VALUE;
    private long measuredFrom;
    private long measuredNs;

    private ReplayCursor(
            TraceReader trace,
            ReplayOptions options,
            CheckpointStore store,
            Spacing spacing,
            ReplayListener... listeners) {
        this.trace = trace;
        this.store = store;
        this.spacing = spacing;
        this.options = options;
        ReplayListener[] all = new ReplayListener[listeners.length + 1];
        all[0] = effects;
        System.arraycopy(listeners, 0, all, 1, listeners.length);
        playback = Playback.start(trace.session(), trace.path().toString(), options, all);
        origin = Checkpoint.take(playback);
        events = trace.cursor();
    }

    /**
     * A cursor before the first event.
     *
     * @param trace to move over; stays open
     * @param options profile and options of the model; faults are counted but not listed whatever they say
     * @param store of checkpoints of this trace under these options; stays open
     * @param spacing of the checkpoints that are taken
     * @param listeners hear every event that is handled, on any way: also those between a checkpoint and a target
     */
    public static ReplayCursor open(
            TraceReader trace,
            ReplayOptions options,
            CheckpointStore store,
            Spacing spacing,
            ReplayListener... listeners) {
        ReplayOptions unlisted =
                new ReplayOptions(options.profile(), options.divergenceLimit(), 0, options.model(), options.progress());
        return new ReplayCursor(trace, unlisted, store, spacing, listeners);
    }

    /** Sequence number of the event that the cursor stands on; -1 before the first. */
    public long sequence() {
        return handled - 1;
    }

    /**
     * The event that the cursor stands on; valid until it moves.
     *
     * @throws IllegalStateException before the first event
     */
    public EventView event() {
        if (handled == 0) {
            throw new IllegalStateException("before the first event there is none");
        }
        return events.event();
    }

    /** The state behind the event, and what was counted up to it; to be read. */
    public Playback playback() {
        return playback;
    }

    /** The machine in that state; to be read. */
    public Machine machine() {
        return playback.machine();
    }

    /** What the event did. */
    public Effects effects() {
        return effects;
    }

    /** Lets the motion that is under way stop soon, or else the next one. Any thread. */
    public void interrupt() {
        isInterrupted = true;
    }

    /** To before the first event. */
    public Stop seekStart() {
        moveTo(0);
        return Stop.REACHED;
    }

    /** To the last event. */
    public Stop seekEnd() {
        Stop stop = moveTo(knownEnd);
        return stop == Stop.END ? Stop.REACHED : stop;
    }

    /**
     * To an event.
     *
     * @param sequence its number; -1 for the start
     * @return {@link Stop#END} on the last event if there is none of that number
     */
    public Stop seek(long sequence) {
        return moveTo(Math.max(0, sequence + 1));
    }

    /**
     * To the first event that is not before a time: times may step back, so some behind it may be.
     *
     * @param timeNs since the session's start
     * @return {@link Stop#END} on the last event if all are before
     */
    public Stop seekTime(long timeNs) {
        return seekFirst(
                store.last(counts -> counts.greatestTimeNs() < timeNs),
                (event, replay, effect) -> replay.greatestTimeNs() >= timeNs);
    }

    /**
     * To the event at which the n-th refused request is known.
     *
     * @param n from 1
     * @return {@link Stop#END} on the last event if there are less
     */
    public Stop seekFault(long n) {
        return seekFirst(store.last(counts -> counts.faults() < n), (event, replay, effect) -> replay.faults() >= n);
    }

    /**
     * To the n-th event of a kind.
     *
     * @param n from 1
     * @return {@link Stop#END} on the last event if there are less
     */
    public Stop seekKind(EventKind kind, long n) {
        return seekFirst(
                store.last(counts -> counts.of(kind) < n), (event, replay, effect) -> replay.events(kind) >= n);
    }

    /**
     * To the first mark with a text.
     *
     * @param text of the mark, as the trace has it
     * @return {@link Stop#END} if there is none, {@link Stop#INTERRUPTED}: the cursor stands where it was
     */
    public Stop seekMark(String text) {
        try (MarkSearch search = new MarkSearch(trace)) {
            while (search.next(SLICE_EVENTS)) {
                if (search.isMark(text)) {
                    return seek(search.sequence());
                }
                if (isInterrupted) {
                    isInterrupted = false;
                    return Stop.INTERRUPTED;
                }
            }
        }
        return Stop.END;
    }

    /** Forgets an {@link #interrupt} that no motion has heeded yet. The thread that moves the cursor. */
    public void clearInterrupt() {
        isInterrupted = false;
    }

    /** From a checkpoint at which it does not hold yet, or from the start, to where it holds first. */
    private Stop seekFirst(@Nullable Checkpoint before, MomentTest test) {
        restore(before == null ? origin : before);
        return runUntil(test);
    }

    /**
     * To where a checkpoint is, without replaying anything.
     *
     * @param sequence of an event
     * @return the event behind which the last checkpoint before or at it was taken, on which the cursor stands now; its
     *     effects are not known, and seem to be none
     */
    public long jumpTo(long sequence) {
        Checkpoint found = store.floor(sequence + 1);
        restore(found == null ? origin : found);
        return sequence();
    }

    /** Back, or on, to a state of this cursor that was kept; effects as for {@link #jumpTo}. */
    public void returnTo(Checkpoint kept) {
        restore(kept);
    }

    /** The trace is over: what waits for its observation counts as not observed from now on. Only behind the last event. */
    public void settle() {
        playback.settle();
    }

    /** To the next event. */
    public Stop step() {
        return moveTo(handled + 1);
    }

    /** To the event before. */
    public Stop stepBack() {
        return handled == 0 ? Stop.START : moveTo(handled - 1);
    }

    /** On to the next event for which a test holds; the one that the cursor stands on is not asked. */
    public Stop runUntil(MomentTest test) {
        return forward(Long.MAX_VALUE, test);
    }

    /** Back to the last event before this one for which a test holds. */
    public Stop runBackUntil(MomentTest test) {
        long behind = handled - 1;
        while (behind > 0) {
            long from = Math.max(0, store.floorSequence(behind - 1));
            Checkpoint start = from == 0 ? null : store.floor(from);
            restore(start == null ? origin : start);
            from = handled;
            long found = 0;
            while (handled < behind) {
                if (forward(behind, test) == Stop.INTERRUPTED) {
                    return Stop.INTERRUPTED;
                }
                found = hasHeld ? handled : found;
            }
            if (found > 0) {
                return moveTo(found);
            }
            behind = from;
        }
        return moveTo(0) == Stop.INTERRUPTED ? Stop.INTERRUPTED : Stop.START;
    }

    /** Goes to where so many events are handled; always by handling the last of them, so that its effects are known. */
    private Stop moveTo(long target) {
        if (target == handled) {
            return Stop.REACHED;
        }
        if (target == 0) {
            restore(origin);
            return Stop.REACHED;
        }
        Checkpoint best = bestBefore(Math.min(target, knownEnd));
        boolean isOnTheWay = handled < target && handled >= best.next();
        if (!isOnTheWay) {
            restore(best);
        }
        return forward(target, null);
    }

    private Checkpoint bestBefore(long target) {
        Checkpoint close = near.floor(target - 1);
        Checkpoint best = close == null ? origin : close;
        if (store.floorSequence(target - 1) > best.next()) {
            Checkpoint far = store.floor(target - 1);
            best = far != null && far.next() > best.next() ? far : best;
        }
        return best;
    }

    /** Goes to a checkpoint, or to an earlier one if it does not fit. The effects of the event there are not known. */
    private void restore(Checkpoint checkpoint) {
        handled = store.restore(playback, checkpoint, origin);
        effects.clear();
        showLast();
    }

    /** Handles events until so many are handled, a test holds, the trace ends, or somebody interrupts. */
    private Stop forward(long target, @Nullable MomentTest test) {
        hasHeld = false;
        if (test != null) {
            test.begin(playback);
        }
        measuredFrom = handled;
        measuredNs = System.nanoTime();
        long wanted = test == null ? near.nextWanted(handled, target) : Long.MAX_VALUE;
        while (handled < target) {
            if (isInterrupted) {
                isInterrupted = false;
                return Stop.INTERRUPTED;
            }
            long slice = Math.min(SLICE_EVENTS, spacing.events());
            long until = Math.min(Math.min(target, wanted), handled + slice);
            if (!slice(until, test)) {
                return hasHeld ? Stop.REACHED : Stop.END;
            }
            if (handled == wanted) {
                near.add(Checkpoint.take(playback));
                wanted = near.nextWanted(handled, target);
            }
            keepUp(test == null);
        }
        return Stop.REACHED;
    }

    /** Handles events up to a number of them; false if the test held before, or the trace ended. */
    private boolean slice(long until, @Nullable MomentTest test) {
        while (handled < until) {
            if (!events.next()) {
                knownEnd = handled;
                showLast();
                return false;
            }
            EventView event = events.event();
            playback.handle(event);
            handled++;
            if (test != null && test.holds(event, playback, effects)) {
                hasHeld = true;
                return false;
            }
        }
        return true;
    }

    /** Shows the event that the cursor stands on, and lets the next one follow. */
    private void showLast() {
        events.seek(Math.max(0, handled - 1));
        if (handled > 0) {
            events.next();
        }
    }

    /** Takes a checkpoint if there is none around. */
    private void keepUp(boolean isTimed) {
        long distance = spacing.events();
        if (handled - Math.max(0, store.floorSequence(handled)) < distance) {
            return;
        }
        if (isTimed) {
            spacing.measured(handled - measuredFrom, System.nanoTime() - measuredNs);
        }
        if (store.higherSequence(handled) - handled > distance / 2) {
            store.add(Checkpoint.take(playback));
        }
        options.progress().at(handled, -1);
        measuredFrom = handled;
        measuredNs = System.nanoTime();
    }

    @Override
    public void close() {
        events.close();
    }
}
