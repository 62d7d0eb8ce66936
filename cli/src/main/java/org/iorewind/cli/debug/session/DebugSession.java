package org.iorewind.cli.debug.session;

import java.util.List;
import java.util.function.Supplier;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.checkpoint.AnswerCache;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.checkpoint.Spacing;
import org.iorewind.replay.travel.MomentTest;
import org.iorewind.replay.travel.ReplayCursor;
import org.iorewind.replay.travel.Stop;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/**
 * A trace that somebody moves about in. It owns two cursors over the same checkpoints: one stands where the user stands, the
 * {@link Scout} looks for answers elsewhere.
 *
 * <p>Not thread-safe, except for {@link #interrupt}.
 */
public final class DebugSession implements AutoCloseable {
    private final TraceReader trace;
    private final CheckpointStore store;
    private final ReplayOptions options;
    private final Reads reads = new Reads();
    private final ReplayCursor cursor;
    private final Breakpoints breakpoints = new Breakpoints();
    private final Marks marks = new Marks();
    private final Histories histories;
    private @Nullable Scout scout;
    private volatile @Nullable ReplayCursor moving;
    private volatile boolean isStopAsked;

    private DebugSession(TraceReader trace, CheckpointStore store, AnswerCache answers, ReplayOptions options) {
        this.trace = trace;
        this.store = store;
        histories = new Histories(this, answers);
        this.options = options;
        cursor = ReplayCursor.open(trace, options, store, Spacing.forSeekTime(Spacing.USUAL_TARGET_NS), reads);
    }

    /**
     * A session before the first event.
     *
     * @param trace to move about in; stays open
     * @param store its checkpoints under these options; stays open
     * @param answers about the whole trace under these options; stays open
     * @param options profile and options of the model
     */
    public static DebugSession open(
            TraceReader trace, CheckpointStore store, AnswerCache answers, ReplayOptions options) {
        return new DebugSession(trace, store, answers, options);
    }

    /** What is known of places over the whole trace. */
    public Histories histories() {
        return histories;
    }

    /** The trace. */
    public TraceReader trace() {
        return trace;
    }

    /** Where checkpoints are kept. */
    public CheckpointStore store() {
        return store;
    }

    /** What stops a run. */
    public Breakpoints breakpoints() {
        return breakpoints;
    }

    /** The user's names of events. */
    public Marks marks() {
        return marks;
    }

    /** The marks of the trace itself, the first thousand. */
    public List<Marks.TraceMark> traceMarks() {
        return Marks.of(trace, this);
    }

    /** What the event under the cursor made the IOMMU read. */
    public Reads reads() {
        return reads;
    }

    /** Number of the event that the user stands on, -1 before the first. */
    public long sequence() {
        return cursor.sequence();
    }

    /** The event that the user stands on, null before the first; valid until something moves. */
    public @Nullable EventView event() {
        return cursor.sequence() < 0 ? null : cursor.event();
    }

    /** The cursor, to be read; {@link #move} moves it. */
    public ReplayCursor cursor() {
        return cursor;
    }

    /** The state that the user stands in, to be read. */
    public Machine machine() {
        return cursor.machine();
    }

    /** A second cursor, for answers. */
    public Scout scout() {
        Scout found = scout;
        if (found == null) {
            found = new Scout(this, trace, options, store);
            scout = found;
        }
        return found;
    }

    /** A command begins: what was asked of the one before is forgotten. */
    public void begin() {
        isStopAsked = false;
        cursor.clearInterrupt();
        if (scout != null) {
            scout.cursor().clearInterrupt();
        }
    }

    /** After damage was met: to the event that was reached, or if that cannot be, to a state that was kept before it. */
    public void recover() {
        long reached = cursor.sequence();
        if (cursor.jumpTo(reached) < reached) {
            try {
                cursor.seek(reached);
            } catch (TraceFormatException e) {
                cursor.jumpTo(reached);
            }
        }
        if (scout != null) {
            scout.cursor().jumpTo(-1);
        }
    }

    /** Lets the command that is under way end soon, with what it has. Any thread. */
    public void interrupt() {
        isStopAsked = true;
        ReplayCursor current = moving;
        if (current != null) {
            current.interrupt();
        }
    }

    /** Whether {@link #interrupt} was called since the command began. */
    public boolean isStopAsked() {
        return isStopAsked;
    }

    /** Moves a cursor of this session, so that it can be interrupted. */
    Stop move(ReplayCursor which, Supplier<Stop> motion) {
        moving = which;
        try {
            return isStopAsked ? Stop.INTERRUPTED : motion.get();
        } finally {
            moving = null;
        }
    }

    /** Moves the user; breakpoints do not count. */
    public Stop move(Supplier<Stop> motion) {
        breakpoints.forgetHits();
        return move(cursor, motion);
    }

    /** On to the next event at which a breakpoint, or this test, holds. */
    public Stop runUntil(@Nullable MomentTest test) {
        breakpoints.forgetHits();
        if (test == null && breakpoints.all().isEmpty()) {
            Stop stop = move(cursor, cursor::seekEnd);
            return stop == Stop.REACHED ? Stop.END : stop;
        }
        return move(cursor, () -> cursor.runUntil(test == null ? breakpoints : new EitherTest(breakpoints, test)));
    }

    /** Back to the last event before this one at which a breakpoint, or this test, holds. */
    public Stop runBackUntil(@Nullable MomentTest test) {
        breakpoints.forgetHits();
        if (test == null && breakpoints.all().isEmpty()) {
            return move(cursor, cursor::seekStart) == Stop.INTERRUPTED ? Stop.INTERRUPTED : Stop.START;
        }
        Stop stop =
                move(cursor, () -> cursor.runBackUntil(test == null ? breakpoints : new EitherTest(breakpoints, test)));
        breakpoints.forgetHits();
        if (stop == Stop.REACHED && !breakpoints.all().isEmpty()) {
            // Which of them it was, and what the place held before, is seen by meeting the event once more.
            long found = cursor.sequence();
            cursor.clearInterrupt();
            cursor.stepBack();
            breakpoints.begin(cursor.playback());
            cursor.step();
            if (cursor.sequence() == found) {
                breakpoints.holds(cursor.event(), cursor.playback(), cursor.effects());
            } else {
                cursor.seek(found);
            }
        }
        return stop;
    }

    @Override
    public void close() {
        if (scout != null) {
            scout.close();
        }
        cursor.close();
    }
}
