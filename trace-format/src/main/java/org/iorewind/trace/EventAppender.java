package org.iorewind.trace;

import org.agrona.DirectBuffer;

/**
 * Where events go: a live journal, an archive being sealed, or a list in a test. One writer, one thread.
 */
public interface EventAppender extends AutoCloseable {
    /** What {@link #append} returns if the event will be given its number later. */
    long SEQUENCE_PENDING = -1;

    /**
     * Appends one whole frame (header, body, variable data, zero padding to a multiple of 8 bytes).
     *
     * @param buffer holds the frame
     * @param offset of the frame's header
     * @param lengthBytes of the frame, a multiple of 8
     * @return the sequence number given to the event, or {@link #SEQUENCE_PENDING}
     * @throws TraceStoreException if the store cannot take it (disk full, closed); nothing was appended then
     */
    long append(DirectBuffer buffer, int offset, int lengthBytes);

    /** Ends the trace in order: everything appended becomes readable. Idempotent. */
    @Override
    void close();
}
