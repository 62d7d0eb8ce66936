package org.iorewind.replay.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.iorewind.model.StateImageException;
import org.iorewind.replay.Fault;
import org.iorewind.replay.Playback;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.ReplayResult;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;

/**
 * Replays and compares a whole trace in segments between checkpoints, several at once, with the result of a replay from start
 * to end.
 *
 * <p>Nothing is believed about a checkpoint: each segment must end, bit by bit, in the checkpoint that the next one began
 * from. The first segment begins with the trace, so what all of them found is what one replay would have found. If one ends
 * otherwise, the checkpoints are thrown away and one thread does it all. The first replay of a trace is made by one thread,
 * too: it takes the checkpoints.
 */
public final class ParallelReplay {
    private static final int PROGRESS_EVENTS = 1 << 14;

    private final TraceReader trace;
    private final ReplayOptions options;
    private final CheckpointStore store;
    private final Spacing spacing;

    /**
     * Replays a trace.
     *
     * @param trace to replay; stays open
     * @param options of the replay
     * @param store of its checkpoints
     * @param spacing of those that are taken
     */
    public ParallelReplay(TraceReader trace, ReplayOptions options, CheckpointStore store, Spacing spacing) {
        this.trace = trace;
        this.options = options;
        this.store = store;
        this.spacing = spacing;
    }

    /**
     * Replays.
     *
     * @param threads how many work at once
     * @return what {@link org.iorewind.replay.Replay#run} returns
     */
    public ReplayResult run(int threads) {
        Segments segments = new Segments(store);
        if (threads > 1 && segments.count() > 1) {
            Attempt attempt = new Attempt(segments);
            segments.forEach(threads, () -> attempt.new Verifying());
            if (attempt.isGood.get()) {
                return attempt.result();
            }
            store.sequences().forEach(store::discard);
        }
        return serial();
    }

    private Playback start() {
        return Playback.start(trace.session(), trace.path().toString(), options);
    }

    private ReplayResult serial() {
        Playback playback = start();
        long before = System.nanoTime();
        long from = 0;
        try (EventCursor events = trace.cursor()) {
            while (events.next()) {
                playback.handle(events.event());
                long handled = playback.events();
                if (handled - from >= spacing.events()) {
                    spacing.measured(handled - from, System.nanoTime() - before);
                    store.add(Checkpoint.take(playback));
                    from = handled;
                    before = System.nanoTime();
                }
                if (handled % PROGRESS_EVENTS == 0) {
                    options.progress().at(handled, -1);
                }
            }
        }
        playback.settle();
        return playback.result();
    }

    /** One try in segments. */
    private final class Attempt {
        private final Segments segments;
        private final AtomicBoolean isGood = new AtomicBoolean(true);
        private final AtomicLong done = new AtomicLong();
        private final NavigableMap<Integer, ReplayResult> results = new ConcurrentSkipListMap<>();

        Attempt(Segments segments) {
            this.segments = segments;
        }

        /** Counters are those of the last segment, which went on from all before; faults are listed by each. */
        ReplayResult result() {
            List<Fault> faults = new ArrayList<>();
            for (ReplayResult part : results.values()) {
                for (Fault fault : part.faults()) {
                    if (faults.size() < options.faultLimit()) {
                        faults.add(fault);
                    }
                }
            }
            Map.Entry<Integer, ReplayResult> last = results.lastEntry();
            if (last == null) {
                throw new IllegalStateException("no segment was replayed");
            }
            return last.getValue().withFaults(faults);
        }

        /** One thread's replay. */
        private final class Verifying implements Segments.Worker {
            private final Playback playback = start();
            private final Checkpoint origin = Checkpoint.take(playback);
            private final EventCursor events = trace.cursor();

            @Override
            public boolean work(int segment) {
                isGood.compareAndSet(true, replay(segment));
                return isGood.get();
            }

            private boolean replay(int segment) {
                Checkpoint start = segment == 0 ? origin : segments.checkpoint(segment);
                long end = segments.end(segment);
                if (start == null || !begin(start)) {
                    return false;
                }
                while (playback.events() < end && isGood.get() && events.next()) {
                    playback.handle(events.event());
                }
                progress(playback.events() - start.next());
                if (end == Long.MAX_VALUE) {
                    playback.settle();
                } else {
                    Checkpoint reached = segments.checkpoint(segment + 1);
                    if (reached == null || !Checkpoint.take(playback).isSameState(reached)) {
                        return false;
                    }
                }
                results.put(segment, playback.result());
                return true;
            }

            private void progress(long events) {
                long all = done.addAndGet(events);
                synchronized (Attempt.this) {
                    options.progress().at(all, -1);
                }
            }

            private boolean begin(Checkpoint start) {
                try {
                    start.restore(playback);
                } catch (StateImageException | TraceFormatException | IllegalArgumentException e) {
                    return false;
                }
                events.seek(start.next());
                return playback.events() == start.next();
            }

            @Override
            public void close() {
                events.close();
            }
        }
    }
}
