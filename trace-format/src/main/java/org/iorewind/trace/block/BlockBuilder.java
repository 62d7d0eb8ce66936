package org.iorewind.trace.block;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.FrameCopy;
import org.iorewind.trace.FrameDescriptor;

/**
 * Collects frames and makes blocks of them, in memory that can be written to a file as it is. Allocates nothing per event or
 * block. Not thread-safe.
 */
public final class BlockBuilder {
    /** Bytes behind the longest block that {@link #block()} has room for. */
    public static final int SPARE = 64;

    private final ByteBuffer block =
            ByteBuffer.allocateDirect(BlockDescriptor.HEADER_LENGTH + BlockDescriptor.MAX_PAYLOAD_LENGTH + SPARE);
    private final UnsafeBuffer buffer = new UnsafeBuffer(block);
    private final CRC32C crc = new CRC32C();
    private final long sessionHigh;
    private final long sessionLow;
    private long firstSequence;
    private int previousChecksum;
    private int count;
    private int payloadLength;
    private long lastTimeNs;

    /** A builder for blocks of one session, standing at sequence number 0. */
    public BlockBuilder(long sessionHigh, long sessionLow) {
        this.sessionHigh = sessionHigh;
        this.sessionLow = sessionLow;
    }

    /** Whether a frame of this length should go into a new block. */
    public boolean isFullFor(int frameLength) {
        return count == BlockDescriptor.TARGET_COUNT
                || count > 0 && payloadLength + frameLength > BlockDescriptor.TARGET_PAYLOAD_LENGTH;
    }

    /** Whether the block has no event yet. */
    public boolean isEmpty() {
        return count == 0;
    }

    /** Whether a frame of this length can go into this block at all. */
    public boolean hasRoomFor(int frameLength) {
        return frameLength <= BlockDescriptor.MAX_PAYLOAD_LENGTH - payloadLength;
    }

    /** Sequence number of the next event to be added. */
    public long nextSequence() {
        return firstSequence + count;
    }

    /** Checksum of the block before this one. */
    public int previousChecksum() {
        return previousChecksum;
    }

    /** Adds a frame that {@link #hasRoomFor} has accepted. */
    public void add(DirectBuffer source, int offset, int length) {
        FrameCopy.copy(source, offset, buffer, BlockDescriptor.HEADER_LENGTH + payloadLength, length);
        lastTimeNs = source.getLong(offset + FrameDescriptor.TIME_OFFSET, LITTLE_ENDIAN);
        payloadLength += length;
        count++;
    }

    /**
     * Writes the header. The block lies in {@link #block()} until {@link #next()} is called.
     *
     * @return length of the whole block in bytes
     */
    public int seal() {
        putInt(BlockDescriptor.MAGIC_OFFSET, BlockDescriptor.MAGIC);
        buffer.putByte(BlockDescriptor.MAJOR_OFFSET, (byte) BlockDescriptor.MAJOR);
        buffer.putByte(BlockDescriptor.MINOR_OFFSET, (byte) BlockDescriptor.MINOR);
        buffer.putShort(BlockDescriptor.HEADER_LENGTH_OFFSET, (short) BlockDescriptor.HEADER_LENGTH, LITTLE_ENDIAN);
        putLong(BlockDescriptor.SESSION_HIGH_OFFSET, sessionHigh);
        putLong(BlockDescriptor.SESSION_LOW_OFFSET, sessionLow);
        putLong(BlockDescriptor.FIRST_SEQUENCE_OFFSET, firstSequence);
        int firstFrameTime = BlockDescriptor.HEADER_LENGTH + FrameDescriptor.TIME_OFFSET;
        putLong(BlockDescriptor.FIRST_TIME_OFFSET, buffer.getLong(firstFrameTime, LITTLE_ENDIAN));
        putLong(BlockDescriptor.LAST_TIME_OFFSET, lastTimeNs);
        putInt(BlockDescriptor.COUNT_OFFSET, count);
        putInt(BlockDescriptor.PAYLOAD_LENGTH_OFFSET, payloadLength);
        putInt(BlockDescriptor.PREVIOUS_CHECKSUM_OFFSET, previousChecksum);
        int length = BlockDescriptor.HEADER_LENGTH + payloadLength;
        crc.reset();
        crc.update(block.limit(BlockDescriptor.CHECKSUM_OFFSET).position(0));
        crc.update(block.limit(length).position(BlockDescriptor.HEADER_LENGTH));
        putInt(BlockDescriptor.CHECKSUM_OFFSET, (int) crc.getValue());
        return length;
    }

    /** The sealed block, from position 0 to the limit; changes with the next {@link #add}. */
    public ByteBuffer block() {
        return block.limit(BlockDescriptor.HEADER_LENGTH + payloadLength).position(0);
    }

    /** Starts the block that follows the sealed one. */
    public void next() {
        firstSequence += count;
        previousChecksum = buffer.getInt(BlockDescriptor.CHECKSUM_OFFSET, LITTLE_ENDIAN);
        count = 0;
        payloadLength = 0;
    }

    static int checksum(CRC32C crc, byte[] block, int payloadLength) {
        crc.reset();
        crc.update(block, 0, BlockDescriptor.CHECKSUM_OFFSET);
        crc.update(block, BlockDescriptor.HEADER_LENGTH, payloadLength);
        return (int) crc.getValue();
    }

    private void putInt(int offset, int value) {
        buffer.putInt(offset, value, LITTLE_ENDIAN);
    }

    private void putLong(int offset, long value) {
        buffer.putLong(offset, value, LITTLE_ENDIAN);
    }
}
