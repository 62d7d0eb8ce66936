package org.iorewind.record.ring;

import org.agrona.DirectBuffer;

/**
 * Takes what comes out of a ring, in its order, on the thread that polls. Buffers are those of the ring: their content is
 * gone when the method returns, and was written by another process, which may write anything. Times are in ns since the ring
 * was made ({@link RingFile#startUnixNs}).
 */
public interface RingHandler {
    /**
     * One event frame, not checked yet.
     *
     * @param buffer holds it
     * @param offset where it starts, a multiple of 8
     * @param length of the record in bytes
     */
    void event(DirectBuffer buffer, int offset, int length);

    /**
     * One line of text.
     *
     * @param timeNs when it was recorded
     * @param thread number of the operating system, 0 if unknown
     * @param stream {@link RingDescriptor#STREAM_LOG} and the following, or another number
     * @param buffer holds the text: UTF-8 that may be broken, without a line end
     * @param offset where it starts
     * @param length in bytes
     */
    void text(long timeNs, int thread, int stream, DirectBuffer buffer, int offset, int length);

    /**
     * Records are missing here.
     *
     * @param firstNs when the first of them was lost
     * @param lastNs when the last one was
     * @param count how many, unsigned; 0 if that is not known
     * @param why in words
     */
    void lost(long firstNs, long lastNs, long count, String why);

    /**
     * How the clocks relate at one moment.
     *
     * @param timeNs since the ring was made
     * @param unixNs wall clock, ns since 1970-01-01 UTC
     */
    default void clock(long timeNs, long unixNs) {}
}
