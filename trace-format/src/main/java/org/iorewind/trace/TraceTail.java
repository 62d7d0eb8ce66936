package org.iorewind.trace;

/**
 * Follows a recording that is still being made: moves over its events and waits for more. Not thread-safe.
 */
public interface TraceTail extends AutoCloseable {
    /**
     * Moves to the next event.
     *
     * @return false if there is none yet
     * @throws TraceFormatException at the first byte that cannot be trusted
     */
    boolean next();

    /** The event that it stands on: valid until {@link #next()}. */
    EventView event();

    /** Moves before the event with this sequence number; also one that is not there yet. */
    void seek(long sequence);

    /**
     * Waits until there may be more events.
     *
     * @param timeoutMs most milliseconds to wait
     * @return false if there will never be more: all events have been given, and the recording is closed, or nobody writes it
     * @throws InterruptedException if the thread is interrupted
     */
    boolean awaitMore(long timeoutMs) throws InterruptedException;

    /** Whether the recording was closed in order, and all its events have been given. */
    boolean isEnded();

    @Override
    void close();
}
