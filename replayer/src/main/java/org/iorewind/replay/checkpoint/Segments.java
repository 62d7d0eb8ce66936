package org.iorewind.replay.checkpoint;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * The parts of a trace between its checkpoints, worked on by several threads.
 *
 * <pre>
 *   0 ──── c1 ──── c2 ──── c3 ──── end
 *   └─ 0 ──┴─ 1 ───┴─ 2 ───┴─ 3 ───┘     each thread takes the next one that nobody has taken
 * </pre>
 */
public final class Segments {
    private final List<Long> starts = new ArrayList<>();
    private final CheckpointStore store;

    /** The segments between the checkpoints that there are now. */
    public Segments(CheckpointStore store) {
        this.store = store;
        starts.add(0L);
        for (long next : store.sequences()) {
            if (next > 0) {
                starts.add(next);
            }
        }
    }

    /** How many there are. */
    public int count() {
        return starts.size();
    }

    /** Sequence number of a segment's first event. */
    public long start(int segment) {
        return starts.get(segment);
    }

    /** Sequence number of the first event behind a segment; {@link Long#MAX_VALUE} behind the last one. */
    public long end(int segment) {
        return segment + 1 < starts.size() ? starts.get(segment + 1) : Long.MAX_VALUE;
    }

    /**
     * The checkpoint at which a segment begins; null for the first one, and for one whose checkpoint turned out to be
     * unusable.
     */
    public @Nullable Checkpoint checkpoint(int segment) {
        Checkpoint found = segment == 0 ? null : store.floor(start(segment));
        return found == null || found.next() != start(segment) ? null : found;
    }

    /** Work on one segment after the other, by one thread. */
    public interface Worker extends AutoCloseable {
        /** Works on a segment; false to end all work. */
        boolean work(int segment);

        @Override
        void close();
    }

    /** Makes a worker, in the thread that it will work in. */
    public interface Workers {
        /** A new one. */
        Worker make();
    }

    /**
     * Works on all segments, in ascending order as far as several threads can.
     *
     * @param threads at least 1
     * @throws RuntimeException the first that a worker threw
     */
    public void forEach(int threads, Workers workers) {
        AtomicInteger nextSegment = new AtomicInteger();
        Runnable loop = () -> {
            try (Worker worker = workers.make()) {
                for (int i = nextSegment.getAndIncrement(); i < count(); i = nextSegment.getAndIncrement()) {
                    if (!worker.work(i)) {
                        nextSegment.set(count());
                    }
                }
            }
        };
        ExecutorService pool = Executors.newFixedThreadPool(Math.max(1, Math.min(threads, count())));
        try {
            List<Future<?>> futures = new ArrayList<>();
            for (int i = 0; i < Math.min(threads, count()); i++) {
                futures.add(pool.submit(loop));
            }
            for (Future<?> future : futures) {
                await(future);
            }
        } finally {
            pool.shutdownNow();
        }
    }

    private static void await(Future<?> future) {
        try {
            future.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while segments were replayed", e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        }
    }
}
