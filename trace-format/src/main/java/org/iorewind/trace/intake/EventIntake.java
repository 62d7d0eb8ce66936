package org.iorewind.trace.intake;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.ManyToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.journal.JournalWriter;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.GapReason;
import org.jspecify.annotations.Nullable;

/**
 * Lets many threads write into one store, which only one thread may. Events of one producer keep their order; those of
 * different ones come in the order in which they entered the ring. Nothing is lost silently: see {@link BackPressure}; and
 * when the store refuses, the last event it is given is a {@code SessionEnd} that says how many events it did not get.
 *
 * <p>While an intake is open nobody else may write to its store. Allocates nothing per event.
 */
public final class EventIntake implements AutoCloseable {
    /** Least capacity of the ring in bytes: the longest frame must fit into an eighth of it. */
    public static final int MIN_CAPACITY = 8 << 20;

    private static final int MESSAGE = 1;
    private static final int BATCH = 256;
    private static final int SPINS = 200;
    private static final long PAUSE_NS = 50_000;
    private static final long LONGEST_PAUSE_NS = 1_000_000;

    private final EventWriter writer;
    private final BackPressure policy;
    private final ManyToOneRingBuffer ring;
    private final Losses losses = new Losses();
    private final Thread thread;
    private volatile boolean closing;
    private volatile @Nullable TraceStoreException failure;
    private final AtomicLong lost = new AtomicLong();
    private final MessageHandler toStore;
    /** Events of a gap that the store has not taken yet. */
    private long untold;

    /**
     * Starts the thread that writes.
     *
     * @param target gets the events; is not closed by this
     * @param policy for a full ring
     * @param capacityBytes of the ring, a power of two, at least {@link #MIN_CAPACITY}
     * @throws IllegalArgumentException if the capacity is another one
     */
    public EventIntake(EventAppender target, BackPressure policy, int capacityBytes) {
        if (capacityBytes < MIN_CAPACITY || Integer.bitCount(capacityBytes) != 1) {
            throw new IllegalArgumentException("not a power of two from 8 MiB on: capacityBytes=" + capacityBytes);
        }
        this.writer = new EventWriter(target);
        this.policy = policy;
        this.ring = new ManyToOneRingBuffer(
                new UnsafeBuffer(ByteBuffer.allocateDirect(capacityBytes + RingBufferDescriptor.TRAILER_LENGTH)));
        this.toStore = (type, buffer, index, length) -> target.append(buffer, index, length);
        this.thread = new Thread(this::drain, "iorewind-intake");
        thread.setDaemon(true);
        thread.start();
    }

    /** A producer for one thread. Closing it does nothing. */
    public EventAppender producer() {
        return new Producer();
    }

    /** Events lost so far, all of which are counted in {@code Gap} events once the ring was read. */
    public long lostEvents() {
        return lost.get();
    }

    private final class Producer implements EventAppender {
        private final FrameEventView view = new FrameEventView();

        @Override
        public long append(DirectBuffer buffer, int offset, int lengthBytes) {
            @Nullable String problem = view.tryWrap(buffer, offset, offset + lengthBytes, 0);
            if (problem != null || view.frameLength() != lengthBytes) {
                throw new IllegalArgumentException("not an event frame: length=" + lengthBytes + " problem=" + problem);
            }
            for (int i = 0; ; i++) {
                throwIfOver();
                if (ring.write(MESSAGE, buffer, offset, lengthBytes)) {
                    if (closing) {
                        throwIfLeftBehind();
                    }
                    return SEQUENCE_PENDING;
                }
                if (policy == BackPressure.COUNT) {
                    long timeNs = buffer.getLong(offset + FrameDescriptor.TIME_OFFSET, LITTLE_ENDIAN);
                    losses.add(timeNs, ring.producerPosition());
                    return SEQUENCE_PENDING;
                }
                pause(i);
            }
        }

        @Override
        public void close() {
            // The intake is closed as a whole.
        }
    }

    private void throwIfOver() {
        TraceStoreException why = failure;
        if (why != null) {
            throw new TraceStoreException(
                    why.file(), why.place(), why.expected(), why.found(), why.nextStep(), why.getCause());
        }
        if (closing) {
            throw new TraceStoreException(
                    "intake", "", "an open intake", "a closed one", "events after the end are lost");
        }
    }

    /** Entered the ring while the intake was being closed: perhaps nobody reads it any more. */
    private void throwIfLeftBehind() {
        for (int i = 0; thread.isAlive(); i++) {
            pause(i);
        }
        if (ring.size() > 0) {
            throwIfOver();
        }
    }

    private static void pause(int attempt) {
        if (attempt < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(PAUSE_NS);
        }
    }

    /**
     * Returns when everything appended before is in the store.
     *
     * @throws TraceStoreException if the store has refused
     */
    public void flush() {
        long position = ring.producerPosition();
        for (int i = 0; (ring.consumerPosition() < position || losses.isPending()) && thread.isAlive(); i++) {
            pause(i);
        }
        TraceStoreException why = failure;
        if (why != null) {
            throw why;
        }
    }

    private void drain() {
        int idle = 0;
        while (true) {
            boolean last = closing;
            try {
                if (read() > 0) {
                    idle = 0;
                } else if (last && ring.size() == 0) {
                    writeGap();
                    return;
                } else {
                    pauseDrain(idle++);
                }
            } catch (TraceStoreException e) {
                giveUp(e);
                return;
            }
        }
    }

    private static void pauseDrain(int idle) {
        if (idle < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.parkNanos(Math.min(LONGEST_PAUSE_NS, PAUSE_NS + (idle - SPINS) * 10_000L));
        }
    }

    private int read() {
        if (!losses.isPending()) {
            return ring.read(toStore, BATCH);
        }
        if (losses.isDue(ring.consumerPosition())) {
            writeGap();
        }
        // One by one, so that the gap comes where the events are missing.
        return ring.read(toStore, 1);
    }

    private void writeGap() {
        if (losses.isPending()) {
            Losses.Loss loss = losses.take();
            lost.addAndGet(loss.count());
            untold = loss.count();
            writer.at(loss.firstTimeNs()).gap(GapReason.QUEUE_FULL, loss.count(), loss.spanNs(), "");
            untold = 0;
        }
    }

    /** The store is full or broken: says so to the producers, counts what is lost by it, and leaves a last word. */
    private void giveUp(TraceStoreException why) {
        failure = why;
        // Either a gap was refused, or the one event that was just taken out of the ring.
        long refused = untold > 0 ? untold : 1;
        lost.addAndGet(untold > 0 ? 0 : 1);
        int taken;
        do {
            // Producers that were already inside may add a few more.
            taken = ring.read((type, buffer, index, length) -> {});
            refused += taken;
            lost.addAndGet(taken);
        } while (taken > 0);
        long counted = losses.take().count();
        refused += counted;
        lost.addAndGet(counted);
        try {
            EndReason reason = JournalWriter.isDiskFull(why) ? EndReason.DISK_FULL : EndReason.FAILED;
            writer.sessionEnd(reason, refused + " events were not kept: found " + why.found());
        } catch (TraceStoreException e) {
            why.addSuppressed(e);
        }
    }

    /**
     * Writes what is in the ring and ends the thread.
     *
     * @throws TraceStoreException if the store has refused, now or before
     */
    @Override
    public void close() {
        closing = true;
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
        TraceStoreException why = failure;
        if (why != null) {
            throw why;
        }
    }
}
