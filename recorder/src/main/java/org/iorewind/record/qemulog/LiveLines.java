package org.iorewind.record.qemulog;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Lines on their way from the thread that receives them to the thread that writes the trace. */
final class LiveLines implements LineSource {
    /** Lines that may wait, about 20 MiB: then the receiver waits, and QEMU after it. */
    static final int CAPACITY = 1 << 15;

    /**
     * How long a look ahead waits, in slices. What one access prints follows within microseconds; when this process or
     * QEMU was stopped for a while, only one slice is over, and the rest gives the receiver the time to catch up.
     */
    private static final int SOON_SLICES = 20;

    private static final long SLICE_MS = 50;

    private record Arrival(LogLine line, long nanoTime) {}

    private static final Arrival END = new Arrival(LogLine.insert(LogLine.UNKNOWN, writer -> {}), 0);

    private final ArrayBlockingQueue<Arrival> queue = new ArrayBlockingQueue<>(CAPACITY);
    private volatile boolean closed;
    private volatile long oldestNanoTime;
    private boolean ended;
    private long taken;

    /**
     * Hands a line over; waits while too many are under way.
     *
     * @return false if nobody takes lines any more
     */
    boolean put(LogLine line) {
        return put(new Arrival(line, System.nanoTime()));
    }

    private boolean put(Arrival arrival) {
        try {
            while (!closed) {
                if (queue.offer(arrival, SLICE_MS, TimeUnit.MILLISECONDS)) {
                    return true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return false;
    }

    /** No line will come any more. */
    void end() {
        put(END);
    }

    @Override
    public @Nullable LogLine next() {
        try {
            return ended ? null : line(queue.take());
        } catch (InterruptedException e) {
            return interrupted();
        }
    }

    @Override
    public @Nullable LogLine nextSoon() {
        try {
            for (int i = 0; i < SOON_SLICES && !ended; i++) {
                Arrival arrival = queue.poll(SLICE_MS, TimeUnit.MILLISECONDS);
                if (arrival != null) {
                    return line(arrival);
                }
            }
            return null;
        } catch (InterruptedException e) {
            return interrupted();
        }
    }

    /** The end is that one object. */
    @SuppressWarnings("ReferenceEquality")
    private @Nullable LogLine line(Arrival arrival) {
        if (arrival == END) {
            ended = true;
            return null;
        }
        oldestNanoTime = arrival.nanoTime;
        taken++;
        return arrival.line;
    }

    private @Nullable LogLine interrupted() {
        Thread.currentThread().interrupt();
        ended = true;
        return null;
    }

    @Override
    public String place() {
        return "line " + taken;
    }

    /** Lines that wait. Any thread. */
    int waiting() {
        return queue.size();
    }

    /** How long ago the line that is being written arrived, ns; 0 if none waits. Any thread. */
    long lagNs() {
        return queue.isEmpty() ? 0 : Math.max(0, System.nanoTime() - oldestNanoTime);
    }

    /** Nobody takes lines any more: who hands them over must not wait. */
    @Override
    public void close() {
        closed = true;
        queue.clear();
    }
}
