package org.iorewind.trace.journal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventView;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.TraceTail;
import org.iorewind.trace.block.BlockFrames;
import org.iorewind.trace.block.BlockHeader;
import org.jspecify.annotations.Nullable;

/**
 * Follows a journal while it is written, from any process: {@link #next} gives every event once, in order, and returns
 * false when there is none at the moment.
 *
 * <p>An event can be seen from the moment {@code append} has returned: this reads {@code open-blocks}, where events are
 * before their block is full, so nobody has to flush anything. What has left the slots is read from the queue. The price is
 * a look at the file: {@link #await} looks every {@value #LONGEST_PAUSE_MS} ms at least.
 *
 * <p>Allocates nothing per event. Not thread-safe.
 */
public final class JournalTail implements EventCursor, TraceTail {
    private static final String NEXT_STEP = "'iorewind check' lists all damage; go on behind it with seek";
    private static final long FIRST_PAUSE_NS = 50_000;
    static final int LONGEST_PAUSE_MS = 2;

    private final Path directory;
    private final Waiting waiting;
    private final String file;
    private final long high;
    private final long low;
    private final QueueFile queue;
    private final StagingTap staging;
    private final FrameEventView view = new FrameEventView();
    private final UnsafeBuffer frames = new UnsafeBuffer(0, 0);
    private final BlockFrames queued = new BlockFrames();
    private long next;
    /** Where the block behind the one read last begins in the queue. */
    private long queuePosition;

    private long queueSequence;
    private long batchEnd;
    private int batchLength;
    private int at;

    private JournalTail(Path directory, JournalMarker marker, Waiting waiting) {
        this.directory = directory;
        this.waiting = waiting;
        this.file = directory.toString();
        this.high = marker.high();
        this.low = marker.low();
        this.queue = QueueFile.open(directory);
        this.staging = StagingTap.open(directory, marker);
    }

    /**
     * Follows a journal from an event on; it need not exist yet.
     *
     * @param directory of the journal
     * @param sequence of the first event to give; not negative
     * @throws TraceFormatException if the directory is no journal, not yet one, or a damaged one
     */
    public static JournalTail open(Path directory, long sequence) {
        return open(directory, sequence, Waiting.REAL);
    }

    static JournalTail open(Path directory, long sequence, Waiting waiting) {
        JournalTail tail = new JournalTail(directory, JournalMarker.read(directory), waiting);
        tail.seek(sequence);
        return tail;
    }

    /** The clock, and what passes time. */
    interface Waiting {
        Waiting REAL = new Waiting() {
            @Override
            public long nanoTime() {
                return System.nanoTime();
            }

            @Override
            public void pause(long ns) {
                LockSupport.parkNanos(ns);
            }
        };

        /** As {@link System#nanoTime}. */
        long nanoTime();

        /** Lets so many nanoseconds pass, or fewer. */
        void pause(long ns);
    }

    /**
     * {@inheritDoc}
     *
     * @return false if there is no further event at the moment
     * @throws CorruptTraceException where the journal is damaged
     */
    @Override
    public boolean next() {
        if (next >= batchEnd && !fetch()) {
            return false;
        }
        @Nullable String problem = view.tryWrap(frames, at, batchLength, next);
        if (problem != null) {
            throw corrupt("event " + next, "a sound event frame", problem);
        }
        at += view.frameLength();
        next++;
        return true;
    }

    /**
     * Waits for the next event.
     *
     * @param timeout how long at most
     * @return whether {@link #next} will return true
     */
    public boolean await(long timeout, TimeUnit unit) {
        long start = waiting.nanoTime();
        long limit = unit.toNanos(timeout);
        long pause = FIRST_PAUSE_NS;
        while (next >= batchEnd && !fetch()) {
            long left = limit - (waiting.nanoTime() - start);
            if (left <= 0 || isEnded() || Thread.currentThread().isInterrupted()) {
                return false;
            }
            waiting.pause(Math.min(left, pause));
            pause = Math.min(2 * pause, LONGEST_PAUSE_MS * 1_000_000L);
        }
        return true;
    }

    /**
     * {@inheritDoc}
     *
     * <p>Also false if the writer has died: {@link #isEnded} tells the two apart.
     */
    @Override
    public boolean awaitMore(long timeoutMs) throws InterruptedException {
        if (await(timeoutMs, TimeUnit.MILLISECONDS)) {
            return true;
        }
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (isEnded()) {
            return false;
        }
        try {
            // What it appended before it went is there now.
            return !WriterLock.isGone(directory) || next < batchEnd || fetch();
        } catch (IOException e) {
            throw new TraceStoreException(
                    directory.resolve(WriterLock.NAME).toString(),
                    "",
                    "a file that can be looked at",
                    PlainReason.of(e),
                    "check the permissions",
                    e);
        }
    }

    /** Whether the writer has closed the journal and all events were given. */
    @Override
    public boolean isEnded() {
        return next >= batchEnd && staging.closedEvents() == next;
    }

    @Override
    public EventView event() {
        return view;
    }

    @Override
    public void seek(long sequence) {
        if (sequence < 0) {
            throw new IllegalArgumentException("not a sequence number: sequence=" + sequence);
        }
        next = sequence;
        batchEnd = 0;
        if (sequence < queueSequence) {
            queuePosition = 0;
            queueSequence = 0;
        }
    }

    private boolean fetch() {
        while (true) {
            long first = staging.firstHeld();
            if (first >= 0 && next >= first) {
                int length = staging.read(next);
                if (length == 0) {
                    return false;
                }
                if (length > 0) {
                    frames.wrap(staging.frames(), 0, length);
                    show(next, next + staging.count(), length, 0);
                    return true;
                }
                // The slot was used again meanwhile: its block is in the queue.
            }
            if (fetchQueued()) {
                return true;
            }
            if (first < 0 || next >= staging.firstHeld()) {
                if (first < 0) {
                    return false;
                }
                continue;
            }
            throw corrupt("queue", "event " + next, "no block with it");
        }
    }

    /** Walks over the queue to the block with the next event. */
    private boolean fetchQueued() {
        while (true) {
            int excerpt = queue.excerpt(queuePosition);
            if (!QueueFile.isReady(excerpt)) {
                return false;
            }
            long position = queuePosition + QueueFile.EXCERPT_HEADER_LENGTH;
            int length = QueueFile.contentLength(excerpt);
            if (QueueFile.isBlock(excerpt)) {
                String place = "block at offset " + position;
                BlockHeader header = queue.readHeader(position, length, place);
                if (header.firstSequence() > next) {
                    throw corrupt(place, "event " + next, "event " + header.firstSequence());
                }
                queueSequence = header.firstSequence();
                if (header.endSequence() > next) {
                    queue.readBlock(position, length, place).verify(queue.bytes(), high, low, file, place);
                    frames.wrap(queued.of(queue.bytes(), header, file, place), 0, queued.length());
                    int skip = 0;
                    for (long i = header.firstSequence(); i < next; i++) {
                        skip += FrameEventView.frameLength(frames, skip);
                    }
                    show(next, header.endSequence(), queued.length(), skip);
                    return true;
                }
            }
            queuePosition = QueueFile.behind(queuePosition, excerpt);
        }
    }

    private void show(long first, long end, int length, int offset) {
        next = first;
        batchEnd = end;
        batchLength = length;
        at = offset;
    }

    private CorruptTraceException corrupt(String place, String expected, String found) {
        return new CorruptTraceException(file, place, expected, found, NEXT_STEP);
    }

    @Override
    public void close() {
        queue.close();
        staging.close();
    }
}
