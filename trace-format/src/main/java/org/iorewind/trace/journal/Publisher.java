package org.iorewind.trace.journal;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantLock;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.block.BlockSealer;
import org.jspecify.annotations.Nullable;

/**
 * Moves finished blocks from {@code open-blocks} into the queue, and forces them to the disk when that is due. At a slow pace
 * a thread of its own does that, and the writer never waits for a disk; at a quick one the writer publishes block by
 * block itself, since two threads that hand over memory all the time need more of the processor than one.
 *
 * <pre>
 *   writer      fills block n          finished = n    opens slot of n, if n &lt; free + SLOTS
 *                                         |                         ^
 *                                         v                         |
 *   whoever publishes    seals, checks space, appends to the queue ---&gt;  free = blocks whose slots may be used again
 * </pre>
 *
 * <p>The thread looks each millisecond, less often while nothing happens. When there are more blocks than at the last look it
 * leaves them alone, and the writer publishes {@value BlockQueue#MOST_AT_ONCE} at once, while they are in the cache; else the
 * writer does so only when more than {@value #MOST_LEFT_LYING} wait. Forcing is the thread's business, unless the writer can
 * find no slot.
 *
 * <p>A slot may be used again once its block is in the queue; if the durable mark has promised an event of it, once that
 * block is on the disk. After a failure nothing is published any more: what is not in the queue stays in its slots, where
 * readers find it.
 */
final class Publisher implements Runnable {
    private static final int SPINS = 2_000;
    private static final int MOST_LEFT_LYING = 1;
    private static final long PATIENCE_NS = 20_000;
    private static final long LOOK_NS = 1_000_000;
    /** While nothing is written: each look takes a processor from what is recorded. */
    private static final long LONGEST_LOOK_NS = 16 * LOOK_NS;

    private final Path directory;
    private final StagingWriter staging;
    private final BlockSealer sealer;
    private final BlockQueue queue;
    private final Disk disk;
    private final JournalOptions options;
    private final Thread thread;

    /** Blocks that the writer has finished. */
    private volatile long finished;
    /** Blocks whose slots may be used again. */
    private volatile long free;
    /** Events that are on the disk. */
    private volatile long durable;
    /** Events that somebody waits for to be on the disk. */
    private volatile long requested;

    /** Whether the thread has seen more blocks than at its last look. */
    private volatile boolean writerIsQuick;

    private volatile boolean stopping;
    private volatile @Nullable TraceStoreException failure;

    private final ReentrantLock publishing = new ReentrantLock();

    /** Guarded, as what is below and the sealer, by {@code publishing}; read without it. */
    private volatile long published;

    private final ByteBuffer[] batch = new ByteBuffer[BlockQueue.MOST_AT_ONCE];

    private boolean queueChanged;
    private boolean promisedSlotWaits;
    private long lastSyncNs = System.nanoTime();
    /** Used by the thread only. */
    private long finishedAtLastLook;

    Publisher(
            Path directory,
            StagingWriter staging,
            BlockSealer sealer,
            BlockQueue queue,
            Disk disk,
            JournalOptions options) {
        this.directory = directory;
        this.staging = staging;
        this.sealer = sealer;
        this.queue = queue;
        this.disk = disk;
        this.options = options;
        this.thread = new Thread(this, "iorewind-journal");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    /** Called by the writer: so many blocks are full, and will not change any more. */
    void finished(long blocks) {
        finished = blocks;
        boolean quick = writerIsQuick;
        int most = quick ? BlockQueue.MOST_AT_ONCE - 1 : MOST_LEFT_LYING;
        if (blocks - published > most && failure == null && publishing.tryLock()) {
            try {
                publishOrFail(quick ? blocks : blocks - MOST_LEFT_LYING, false);
            } finally {
                publishing.unlock();
            }
        }
    }

    /**
     * Called by the writer before it opens a block: waits until its slot may be used.
     *
     * @throws TraceStoreException if it never will
     */
    void awaitSlot(long block) {
        for (int i = 0; block >= free + StagingDescriptor.SLOTS; i++) {
            throwFailure();
            if (publishing.tryLock()) {
                // The thread sleeps, or has no core to run on: it is quicker to do its work than to wait for it.
                try {
                    publishOrFail(block - StagingDescriptor.SLOTS + 1, true);
                } finally {
                    publishing.unlock();
                }
            } else if (i < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(PATIENCE_NS);
            }
        }
    }

    private void throwFailure() {
        TraceStoreException why = failure;
        if (why != null) {
            // A new one: the trace of the thread that asked is what helps.
            throw new TraceStoreException(
                    why.file(), why.place(), why.expected(), why.found(), why.nextStep(), why.getCause());
        }
    }

    /** What stopped the publishing, or null. */
    @Nullable
    TraceStoreException failure() {
        return failure;
    }

    /**
     * Called by the writer: returns when so many events are on the disk.
     *
     * @throws TraceStoreException if they cannot be forced there
     */
    void sync(long events) {
        requested = events;
        while (durable < events && failure == null && thread.isAlive()) {
            LockSupport.unpark(thread);
            LockSupport.parkNanos(PATIENCE_NS);
        }
        if (durable < events) {
            // Nothing is published any more, but the slots can be forced all the same.
            forceEvents();
        }
        if (durable < events) {
            throwFailure();
        }
    }

    /** Called by the writer: publishes what is finished, and ends the thread. */
    void stop() {
        stopping = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            LockSupport.unpark(thread);
            try {
                thread.join(1);
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void run() {
        try {
            long longestNs = Math.min(LONGEST_LOOK_NS, syncIntervalNs());
            long pauseNs = LOOK_NS;
            while (true) {
                boolean last = stopping;
                boolean moved = publishOne(last);
                boolean synced = syncIfDue();
                if (!moved && !synced) {
                    if (last) {
                        return;
                    }
                    pauseNs = writerIsQuick ? LOOK_NS : Math.min(2 * pauseNs, longestNs);
                    LockSupport.parkNanos(Math.min(pauseNs, untilSyncIsDueNs()));
                } else {
                    pauseNs = LOOK_NS;
                }
            }
        } catch (RuntimeException | Error e) {
            failure = JournalWriter.failure(directory, e);
        }
    }

    /** For ever if nothing is forced. */
    private long syncIntervalNs() {
        return options.sync() == SyncLevel.NONE ? Long.MAX_VALUE : options.syncIntervalMs() * 1_000_000L;
    }

    /** For ever if it is overdue: then nothing was written since. */
    private long untilSyncIsDueNs() {
        long left = syncIntervalNs() - (System.nanoTime() - lastSyncNs);
        return left > 0 ? Math.max(left, LOOK_NS) : Long.MAX_VALUE;
    }

    /** The thread's turn: one block at a time, so that a writer in need can take its turn. */
    private boolean publishOne(boolean last) {
        long now = finished;
        boolean quick = now != finishedAtLastLook;
        finishedAtLastLook = now;
        if (quick != writerIsQuick) {
            writerIsQuick = quick;
        }
        if (free >= now || failure != null || quick && !last) {
            return false;
        }
        if (!publishing.tryLock()) {
            // The writer is doing it.
            Thread.onSpinWait();
            return true;
        }
        try {
            publishOrFail(Math.min(published + 1, now), published + 1 >= now);
        } finally {
            publishing.unlock();
        }
        return true;
    }

    private void publishOrFail(long until, boolean forcePromised) {
        try {
            publish(until);
            if (promisedSlotWaits && forcePromised) {
                forceQueue();
            }
        } catch (RuntimeException | Error e) {
            // An excerpt begun and not ended: whatever the queue holds behind it could not be found again.
            failure = JournalWriter.failure(directory, e);
        }
    }

    private void publish(long until) {
        while (published < until && failure == null) {
            long block = published;
            long first = sealer.firstSequence();
            int count = (int) Math.min(until - block, batch.length);
            try {
                for (int i = 0; i < count; i++) {
                    batch[i] = staging.seal(block + i, sealer);
                    sealer.next();
                }
                queue.append(batch, count);
            } catch (IOException e) {
                failure = JournalWriter.diskFull(directory, PlainReason.of(e), e);
                return;
            }
            published = block + count;
            queueChanged = true;
            promisedSlotWaits |= first < durable;
            if (!promisedSlotWaits) {
                free = published;
            }
        }
    }

    private void forceQueue() {
        try {
            disk.queue();
            queueChanged = false;
            promisedSlotWaits = false;
            free = published;
        } catch (IOException e) {
            failure = JournalWriter.failure(directory, e);
        }
    }

    private boolean syncIfDue() {
        if (failure != null) {
            return false;
        }
        boolean asked = requested > durable;
        boolean timely = System.nanoTime() - lastSyncNs >= syncIntervalNs();
        // Asked for, but caught between two blocks: then look again.
        boolean forced = (asked || timely) && forceEvents();
        return forced || asked;
    }

    /** While it lasts no slot becomes free: what was forced must not be overwritten before the mark is there. */
    private boolean forceEvents() {
        publishing.lock();
        try {
            long events = staging.eventsAcknowledged(finished);
            if (events <= durable) {
                return false;
            }
            disk.makeDurable(events, queueChanged);
            queueChanged = false;
            durable = events;
            return true;
        } catch (IOException | RuntimeException | InternalError e) {
            failure = JournalWriter.failure(directory, e);
            return false;
        } finally {
            lastSyncNs = System.nanoTime();
            publishing.unlock();
        }
    }
}
