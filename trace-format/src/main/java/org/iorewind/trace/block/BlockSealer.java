package org.iorewind.trace.block;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Makes a block of compact frames that lie one behind the other: writes the header in front of them. Knows where in the session it
 * stands, and the block before. Allocates nothing. Not thread-safe.
 */
public final class BlockSealer {
    private final CRC32C crc = new CRC32C();
    private final long sessionHigh;
    private final long sessionLow;
    private long firstSequence;
    private int previousChecksum;
    private int count;
    private int checksum;

    /** A sealer for the blocks of one session, standing at sequence number 0. */
    public BlockSealer(long sessionHigh, long sessionLow) {
        this.sessionHigh = sessionHigh;
        this.sessionLow = sessionLow;
    }

    /** Sequence number of the first event of the next block, or of the one that is sealed. */
    public long firstSequence() {
        return firstSequence;
    }

    /**
     * Writes the header of the next block. The same block may be sealed again, until {@link #next}.
     *
     * @param block little-endian; has {@value BlockDescriptor#HEADER_LENGTH} bytes for the header, then the compact frames;
     *     stands at its first byte and is limited to its last one afterwards
     * @param events number of frames, at least 1
     * @param payloadLength length of all compact frames in bytes
     * @param firstTimeNs time of the first event
     * @param lastTimeNs time of the last event
     */
    public void seal(ByteBuffer block, int events, int payloadLength, long firstTimeNs, long lastTimeNs) {
        if (block.order() != LITTLE_ENDIAN) {
            throw new IllegalArgumentException("expected a little-endian buffer");
        }
        count = events;
        block.putInt(BlockDescriptor.MAGIC_OFFSET, BlockDescriptor.MAGIC);
        block.put(BlockDescriptor.MAJOR_OFFSET, (byte) BlockDescriptor.MAJOR);
        block.put(BlockDescriptor.MINOR_OFFSET, (byte) BlockDescriptor.MINOR);
        block.putShort(BlockDescriptor.HEADER_LENGTH_OFFSET, (short) BlockDescriptor.HEADER_LENGTH);
        block.putLong(BlockDescriptor.SESSION_HIGH_OFFSET, sessionHigh);
        block.putLong(BlockDescriptor.SESSION_LOW_OFFSET, sessionLow);
        block.putLong(BlockDescriptor.FIRST_SEQUENCE_OFFSET, firstSequence);
        block.putLong(BlockDescriptor.FIRST_TIME_OFFSET, firstTimeNs);
        block.putLong(BlockDescriptor.LAST_TIME_OFFSET, lastTimeNs);
        block.putInt(BlockDescriptor.COUNT_OFFSET, events);
        block.putInt(BlockDescriptor.PAYLOAD_LENGTH_OFFSET, payloadLength);
        block.putInt(BlockDescriptor.PREVIOUS_CHECKSUM_OFFSET, previousChecksum);
        int length = BlockDescriptor.HEADER_LENGTH + payloadLength;
        crc.reset();
        crc.update(block.limit(BlockDescriptor.CHECKSUM_OFFSET).position(0));
        crc.update(block.limit(length).position(BlockDescriptor.HEADER_LENGTH));
        checksum = (int) crc.getValue();
        block.putInt(BlockDescriptor.CHECKSUM_OFFSET, checksum).position(0);
    }

    /** Goes on to the block that follows the sealed one. */
    public void next() {
        firstSequence += count;
        previousChecksum = checksum;
        count = 0;
    }
}
