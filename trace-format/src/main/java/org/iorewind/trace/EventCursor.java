package org.iorewind.trace;

/** Moves over the events of a trace. Not thread-safe. */
public interface EventCursor extends AutoCloseable {
    /**
     * Moves to the next event.
     *
     * @return false at the end
     * @throws TraceFormatException at the first byte that cannot be trusted; the message names file, place, expected,
     *     found and what to do next
     */
    boolean next();

    /** The event the cursor stands on: valid until the cursor moves. */
    EventView event();

    /**
     * Moves before the event with this sequence number, so that {@link #next()} returns it. Beyond the end: before the
     * end.
     */
    void seek(long sequence);

    @Override
    void close();
}
