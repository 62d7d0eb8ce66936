package org.iorewind.trace.block;

import org.agrona.DirectBuffer;
import org.iorewind.trace.TraceFormatException;

/**
 * The blocks of a trace in the order of their sequence numbers, whatever stores them. Belongs to one cursor, hence to
 * one thread.
 */
public interface BlockSource extends AutoCloseable {
    /** The file or directory, for messages. */
    String file();

    /** Number of blocks. */
    int blocks();

    /** Sequence number of a block's first event; ascending over the blocks. */
    long firstSequence(int block);

    /** Number of events in a block, at least 1. */
    int count(int block);

    /** Where a block lies, for messages. */
    String place(int block);

    /**
     * Reads a block and checks all of it but what the frames say inside.
     *
     * @return its frames, starting at offset 0; so many as it has events, {@link #payloadLength} bytes in all, so that each step
     *     to the next frame stays inside; valid until the next call
     * @throws TraceFormatException if any byte of it cannot be trusted
     */
    DirectBuffer load(int block);

    /**
     * Whether all frames of the block loaded last are known to be sound, each by itself. Else whoever shows them looks at each.
     */
    boolean areFramesSound();

    /** Length in bytes of the frames of the block loaded last. */
    int payloadLength();

    /**
     * Called when a cursor has passed the last block.
     *
     * @throws TraceFormatException if events are known to have existed behind it
     */
    void checkEnd();

    @Override
    void close();
}
