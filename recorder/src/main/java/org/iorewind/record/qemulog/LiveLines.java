package org.iorewind.record.qemulog;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Lines on their way from the threads that receive them to the one that writes the trace.
 *
 * <pre>
 *   put ──▶ waiting lines ──── all of them at once ────▶ lines in hand ──▶ next
 * </pre>
 *
 * <p>Both sides take the lock once for many lines: with a lock and a wake-up for each line the two threads would cost the
 * recorded machine more than all else that is done with the line.
 */
final class LiveLines implements LineSource {
    /** Lines that may wait, and as many again in hand, about 10 MiB each: then the receiver waits, and QEMU after it. */
    static final int CAPACITY = 1 << 14;

    /**
     * How long a look ahead waits, in slices. What one access prints follows within microseconds; when this process or
     * QEMU was stopped for a while, only one slice is over, and the rest gives the receiver the time to catch up.
     */
    private static final int SOON_SLICES = 20;

    private static final long SLICE_MS = 50;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition filled = lock.newCondition();
    private final Condition room = lock.newCondition();
    private @Nullable LogLine[] waiting = new @Nullable LogLine[CAPACITY];
    private int waitingLines;
    private long waitingSince;
    private boolean over;
    private boolean closed;

    /** Of the thread that takes lines. */
    private @Nullable LogLine[] inHand = new @Nullable LogLine[CAPACITY];

    private int next;
    private int end;
    private boolean interrupted;
    private long taken;
    /** How many lines came into hand last, and when the first of them was put; 0 and 0 while none is. */
    private volatile int handful;

    private volatile long handfulSince;

    /**
     * Hands a line over; waits while too many are under way. Any thread.
     *
     * @return false if nobody takes lines any more
     */
    boolean put(LogLine line) {
        return put(new LogLine[] {line}, 1) == 1;
    }

    /**
     * Hands lines over, as {@link #put(LogLine)}.
     *
     * @param count how many, from the first
     * @return how many were taken: less than all if nobody takes lines any more
     */
    int put(@Nullable LogLine[] lines, int count) {
        int done = 0;
        lock.lock();
        try {
            while (!closed) {
                int part = Math.min(count - done, CAPACITY - waitingLines);
                if (part > 0) {
                    waitingSince = waitingLines == 0 ? System.nanoTime() : waitingSince;
                    System.arraycopy(lines, done, waiting, waitingLines, part);
                    waitingLines += part;
                    done += part;
                    filled.signal();
                }
                if (done == count) {
                    break;
                }
                room.await();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        return done;
    }

    /** No line will come any more. */
    void end() {
        lock.lock();
        try {
            over = true;
            filled.signal();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public @Nullable LogLine next() {
        while (next == end && !interrupted) {
            if (!take(Long.MAX_VALUE)) {
                return null;
            }
        }
        return interrupted ? null : line();
    }

    @Override
    public @Nullable LogLine nextSoon() {
        for (int i = 0; i < SOON_SLICES && next == end && !interrupted; i++) {
            if (!take(SLICE_MS)) {
                return null;
            }
        }
        return interrupted || next == end ? null : line();
    }

    private @Nullable LogLine line() {
        LogLine line = inHand[next];
        inHand[next++] = null;
        taken++;
        return line;
    }

    /**
     * Takes all that wait, for which it waits so long at most.
     *
     * @return false if none will come
     */
    private boolean take(long mostMs) {
        handful = 0;
        lock.lock();
        try {
            long left = TimeUnit.MILLISECONDS.toNanos(mostMs);
            while (waitingLines == 0 && !over && left > 0) {
                left = filled.awaitNanos(left);
            }
            if (waitingLines == 0) {
                return !over;
            }
            @Nullable LogLine[] empty = inHand;
            inHand = waiting;
            waiting = empty;
            next = 0;
            end = waitingLines;
            handfulSince = waitingSince;
            handful = waitingLines;
            waitingLines = 0;
            room.signalAll();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            interrupted = true;
            return false;
        } finally {
            lock.unlock();
        }
    }

    @Override
    public long position() {
        return taken;
    }

    @Override
    public String place(long position) {
        return "line " + position;
    }

    /** Lines that wait, those in hand included. Any thread. */
    int waiting() {
        lock.lock();
        try {
            return waitingLines + handful;
        } finally {
            lock.unlock();
        }
    }

    /** How long ago the first of the lines that are being written arrived, ns; 0 if none waits. Any thread. */
    long lagNs() {
        return handful == 0 ? 0 : Math.max(0, System.nanoTime() - handfulSince);
    }

    /** Nobody takes lines any more: who hands them over must not wait. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            waitingLines = 0;
            handful = 0;
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
