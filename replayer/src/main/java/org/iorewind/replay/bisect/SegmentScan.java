package org.iorewind.replay.bisect;

import java.util.concurrent.atomic.AtomicLong;
import org.iorewind.model.StateImageException;
import org.iorewind.replay.Playback;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.checkpoint.Checkpoint;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.checkpoint.Segments;
import org.iorewind.replay.predicate.StatePredicate;
import org.iorewind.replay.travel.Effects;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/** Asks a predicate for each event, in several segments of a trace at once. */
final class SegmentScan {
    private static final long NOT_FOUND = Long.MAX_VALUE;

    private final TraceReader trace;
    private final ReplayOptions options;
    private final StatePredicate predicate;
    private final Segments segments;
    private final AtomicLong first = new AtomicLong(NOT_FOUND);

    SegmentScan(TraceReader trace, ReplayOptions options, CheckpointStore store, StatePredicate predicate) {
        this.trace = trace;
        this.options =
                new ReplayOptions(options.profile(), options.divergenceLimit(), 0, options.model(), options.progress());
        this.predicate = predicate;
        this.segments = new Segments(store);
    }

    /** Sequence number of the first event for which it holds, or -1. */
    long run(int threads) {
        segments.forEach(threads, Asking::new);
        return first.get() == NOT_FOUND ? -1 : first.get();
    }

    /** One thread's replay. */
    private final class Asking implements Segments.Worker {
        private final Effects effects = new Effects();
        private final Playback playback =
                Playback.start(trace.session(), trace.path().toString(), options, effects);
        private final Checkpoint origin = Checkpoint.take(playback);
        private final EventCursor events = trace.cursor();
        private final StatePredicate asked = predicate.copy();

        @Override
        public boolean work(int segment) {
            long end = segments.end(segment);
            // Where a checkpoint is lost, from the start: more work, the same answer.
            @Nullable Checkpoint checkpoint = segments.checkpoint(segment);
            if (checkpoint == null || !fits(checkpoint)) {
                origin.restore(playback);
            }
            events.seek(playback.events());
            while (playback.events() < Math.min(end, first.get()) && events.next()) {
                playback.handle(events.event());
                if (asked.holds(events.event(), playback, effects)) {
                    long found = events.event().sequence();
                    first.accumulateAndGet(found, Math::min);
                    return false;
                }
            }
            return true;
        }

        private boolean fits(Checkpoint checkpoint) {
            try {
                checkpoint.restore(playback);
                return playback.events() == checkpoint.next();
            } catch (StateImageException | TraceFormatException | IllegalArgumentException e) {
                return false;
            }
        }

        @Override
        public void close() {
            events.close();
        }
    }
}
