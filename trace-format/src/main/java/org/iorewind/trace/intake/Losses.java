package org.iorewind.trace.intake;

/** Counts events that found the ring full. Locks, but only then. */
final class Losses {
    private volatile boolean pending;
    private long count;
    private long firstTimeNs;
    private long lastTimeNs;
    private long ringPosition;

    /**
     * What was lost since the last gap.
     *
     * @param count of events
     * @param firstTimeNs time of the first one
     * @param spanNs from there to the last one, 0 if times step back
     */
    record Loss(long count, long firstTimeNs, long spanNs) {}

    synchronized void add(long timeNs, long position) {
        if (count == 0) {
            firstTimeNs = timeNs;
            ringPosition = position;
        }
        lastTimeNs = timeNs;
        count++;
        pending = true;
    }

    /** Whether something was lost that no gap tells of yet. */
    boolean isPending() {
        return pending;
    }

    /** Whether the ring was read up to the place where the loss began. */
    synchronized boolean isDue(long readPosition) {
        return count > 0 && readPosition - ringPosition >= 0;
    }

    synchronized Loss take() {
        Loss loss = new Loss(count, firstTimeNs, Math.max(0, lastTimeNs - firstTimeNs));
        count = 0;
        pending = false;
        return loss;
    }
}
