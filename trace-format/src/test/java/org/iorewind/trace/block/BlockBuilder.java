package org.iorewind.trace.block;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.FrameDescriptor;

/** Collects frames and makes blocks of them. */
public final class BlockBuilder {
    private final ByteBuffer block = ByteBuffer.allocate(
                    BlockDescriptor.HEADER_LENGTH + BlockDescriptor.MAX_PAYLOAD_LENGTH + Long.BYTES)
            .order(LITTLE_ENDIAN);
    private final UnsafeBuffer buffer = new UnsafeBuffer(block.array());
    private final FrameCompactor compactor = new FrameCompactor();
    private final BlockSealer sealer;
    private int count;
    private int payloadLength;
    private long firstTime;
    private long lastTime;

    /** A builder for blocks of one session, standing at sequence number 0. */
    public BlockBuilder(long sessionHigh, long sessionLow) {
        this.sealer = new BlockSealer(sessionHigh, sessionLow);
    }

    /** Whether a frame of this length should go into a new block. */
    public boolean isFullFor(int frameLength) {
        return BlockDescriptor.isFull(count, payloadLength, frameLength);
    }

    /** Adds a frame. */
    public void add(DirectBuffer source, int offset, int length) {
        lastTime = source.getLong(offset + FrameDescriptor.TIME_OFFSET, LITTLE_ENDIAN);
        firstTime = count == 0 ? lastTime : firstTime;
        int at = BlockDescriptor.HEADER_LENGTH + payloadLength;
        payloadLength += compactor.append(buffer, at, source, offset, length, 0) - at;
        count++;
    }

    /**
     * Writes the header.
     *
     * @return length of the whole block in bytes
     */
    public int seal() {
        sealer.seal(block.clear(), count, payloadLength, firstTime, lastTime);
        return block.remaining();
    }

    /** The sealed block, from position 0 to the limit. */
    public ByteBuffer block() {
        return block;
    }

    /** Starts the block that follows the sealed one. */
    public void next() {
        sealer.next();
        count = 0;
        payloadLength = 0;
        compactor.reset();
    }
}
