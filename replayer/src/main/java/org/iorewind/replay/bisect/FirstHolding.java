package org.iorewind.replay.bisect;

import java.util.List;
import java.util.OptionalLong;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.checkpoint.Checkpoint;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.checkpoint.Spacing;
import org.iorewind.replay.predicate.StatePredicate;
import org.iorewind.replay.travel.ReplayCursor;
import org.iorewind.replay.travel.Stop;
import org.iorewind.trace.TraceReader;

/**
 * Finds the first event for which a predicate holds.
 *
 * <pre>
 *   monotone   F   F   F   F   T   T   T      halving over the checkpoints that there are,
 *              c1  c2  c3  c4  c5  c6  c7
 *                          └─strides─▶        then in strides to the first one that ends with T,
 *                            └events─▶        then event by event
 *
 *   otherwise  each event is asked, in segments between checkpoints, as many at once as there are threads
 * </pre>
 *
 * <p>A predicate about the number of faults alone is answered with the request that was refused, also where only the
 * observation behind it tells.
 *
 * <p>A predicate that holds only once the trace is over, since an observation never came, holds for the last event.
 */
public final class FirstHolding {
    private static final long SHORT = 64;
    private static final long FINER = 32;

    private final TraceReader trace;
    private final ReplayOptions options;
    private final CheckpointStore store;
    private final Spacing spacing;

    /**
     * Searches a trace.
     *
     * @param trace to search; stays open
     * @param options of the replay
     * @param store of its checkpoints; is filled on the way
     * @param spacing of those
     */
    public FirstHolding(TraceReader trace, ReplayOptions options, CheckpointStore store, Spacing spacing) {
        this.trace = trace;
        this.options = options;
        this.store = store;
        this.spacing = spacing;
    }

    /**
     * Searches for a predicate that stays true once it is.
     *
     * @return sequence number of the first event for which it holds, or empty
     */
    public OptionalLong monotone(StatePredicate predicate) {
        try (ReplayCursor cursor = ReplayCursor.open(trace, options, store, spacing)) {
            cursor.jumpTo(lastFalse(cursor, predicate));
            long stride = spacing.events();
            while (true) {
                Checkpoint before = Checkpoint.take(cursor.playback());
                boolean isEnd = cursor.seek(before.next() - 1 + stride) == Stop.END;
                if (cursor.playback().events() > before.next() && holds(cursor, predicate)) {
                    cursor.returnTo(before);
                    if (stride <= SHORT) {
                        cursor.runUntil(predicate);
                        return OptionalLong.of(
                                predicate.isAboutFaults() ? cursor.playback().lastInput() : cursor.sequence());
                    }
                    stride = Math.max(SHORT, stride / FINER);
                } else if (isEnd) {
                    return atEnd(cursor, predicate);
                }
            }
        }
    }

    /** The event of the last checkpoint at which it does not hold, or -1. */
    private long lastFalse(ReplayCursor cursor, StatePredicate predicate) {
        List<Long> checkpoints = store.sequences();
        int low = 0;
        int high = checkpoints.size() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            cursor.jumpTo(checkpoints.get(middle) - 1);
            if (cursor.sequence() < 0 || !holds(cursor, predicate)) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return high < 0 ? -1 : checkpoints.get(high) - 1;
    }

    private static boolean holds(ReplayCursor cursor, StatePredicate predicate) {
        return predicate.holds(cursor.event(), cursor.playback(), cursor.effects());
    }

    private static OptionalLong atEnd(ReplayCursor cursor, StatePredicate predicate) {
        if (cursor.sequence() < 0) {
            return OptionalLong.empty();
        }
        cursor.settle();
        return holds(cursor, predicate) ? OptionalLong.of(cursor.sequence()) : OptionalLong.empty();
    }

    /**
     * Asks event by event.
     *
     * @param threads how many work at once, if there are checkpoints to begin from
     * @return sequence number of the first event for which it holds, or empty
     */
    public OptionalLong scan(StatePredicate predicate, int threads) {
        boolean isInSegments = threads > 1 && !store.sequences().isEmpty();
        if (isInSegments) {
            long found = new SegmentScan(trace, options, store, predicate).run(threads);
            if (found >= 0) {
                return OptionalLong.of(found);
            }
        }
        try (ReplayCursor cursor = ReplayCursor.open(trace, options, store, spacing)) {
            if (isInSegments) {
                // The segments had nothing; only what comes to light at the end is left.
                cursor.seekEnd();
                return atEnd(cursor, predicate);
            }
            return cursor.runUntil(predicate) == Stop.REACHED
                    ? OptionalLong.of(cursor.sequence())
                    : atEnd(cursor, predicate);
        }
    }
}
