package org.iorewind.trace.block;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.zip.CRC32C;
import org.agrona.DirectBuffer;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.UnsupportedTraceException;

/**
 * The header of a block as read. {@link #read} checks what the header can tell by itself; {@link #verify} checks the
 * whole block.
 *
 * @param major version of the block: whether its frames are compact
 * @param sessionHigh high half of the session id
 * @param sessionLow low half of the session id
 * @param firstSequence sequence number of the first event
 * @param firstTimeNs its time
 * @param lastTimeNs time of the last event
 * @param count of events, at least 1
 * @param payloadLength length of the frames in bytes
 * @param previousChecksum checksum of the block before
 * @param checksum of this block, as the header claims
 */
public record BlockHeader(
        int major,
        long sessionHigh,
        long sessionLow,
        long firstSequence,
        long firstTimeNs,
        long lastTimeNs,
        int count,
        int payloadLength,
        int previousChecksum,
        int checksum) {
    private static final String NEXT_STEP = "'iorewind check' lists all damage; events before and behind stay readable";
    private static final int MIN_FRAME_LENGTH = FrameDescriptor.MIN_FRAME_LENGTH;

    /**
     * Reads a header.
     *
     * @param buffer holds the block
     * @param offset of the block
     * @param length of the block in bytes, as its container says
     * @param file for messages
     * @param place for messages
     * @throws CorruptTraceException if it is not the header of a block of that length
     * @throws UnsupportedTraceException if it is of another major version
     */
    public static BlockHeader read(DirectBuffer buffer, int offset, int length, String file, String place) {
        if (length < BlockDescriptor.HEADER_LENGTH) {
            throw corrupt(file, place, "a block of at least 64 bytes", length + " bytes");
        }
        int magic = buffer.getInt(offset + BlockDescriptor.MAGIC_OFFSET, LITTLE_ENDIAN);
        if (magic != BlockDescriptor.MAGIC) {
            throw corrupt(file, place, "block magic 0x" + Integer.toHexString(BlockDescriptor.MAGIC), hex(magic));
        }
        int major = buffer.getByte(offset + BlockDescriptor.MAJOR_OFFSET) & 0xFF;
        if (major < BlockDescriptor.MAJOR_OF_PLAIN_FRAMES || major > BlockDescriptor.MAJOR) {
            throw new UnsupportedTraceException(
                    file,
                    place,
                    "block format 1 to " + BlockDescriptor.MAJOR,
                    "block format " + major,
                    "read it with a version of iorewind that knows this format; if none does, the block is damaged");
        }
        int headerLength = buffer.getShort(offset + BlockDescriptor.HEADER_LENGTH_OFFSET, LITTLE_ENDIAN) & 0xFFFF;
        int payloadLength = buffer.getInt(offset + BlockDescriptor.PAYLOAD_LENGTH_OFFSET, LITTLE_ENDIAN);
        if (headerLength != BlockDescriptor.HEADER_LENGTH || payloadLength != length - headerLength) {
            String expected = "64 bytes of header and " + (length - BlockDescriptor.HEADER_LENGTH) + " of frames";
            throw corrupt(file, place, expected, headerLength + " and " + Integer.toUnsignedString(payloadLength));
        }
        int count = buffer.getInt(offset + BlockDescriptor.COUNT_OFFSET, LITTLE_ENDIAN);
        long firstSequence = buffer.getLong(offset + BlockDescriptor.FIRST_SEQUENCE_OFFSET, LITTLE_ENDIAN);
        int most = major == BlockDescriptor.MAJOR_OF_PLAIN_FRAMES
                ? payloadLength / MIN_FRAME_LENGTH
                : Math.min(BlockDescriptor.MAX_COUNT, payloadLength / CompactFrame.HEAD_LENGTH);
        if (count < 1 || count > most) {
            throw corrupt(file, place, "1 to " + most + " events", Integer.toUnsignedString(count));
        }
        if (firstSequence < 0 || firstSequence > Long.MAX_VALUE - count) {
            throw corrupt(file, place, "a sequence number", hex(firstSequence));
        }
        return new BlockHeader(
                major,
                buffer.getLong(offset + BlockDescriptor.SESSION_HIGH_OFFSET, LITTLE_ENDIAN),
                buffer.getLong(offset + BlockDescriptor.SESSION_LOW_OFFSET, LITTLE_ENDIAN),
                firstSequence,
                buffer.getLong(offset + BlockDescriptor.FIRST_TIME_OFFSET, LITTLE_ENDIAN),
                buffer.getLong(offset + BlockDescriptor.LAST_TIME_OFFSET, LITTLE_ENDIAN),
                count,
                payloadLength,
                buffer.getInt(offset + BlockDescriptor.PREVIOUS_CHECKSUM_OFFSET, LITTLE_ENDIAN),
                buffer.getInt(offset + BlockDescriptor.CHECKSUM_OFFSET, LITTLE_ENDIAN));
    }

    /**
     * Checks the checksum and the session of a whole block.
     *
     * @param block holds the block from its first byte on
     * @param high high half of the expected session id
     * @param low low half of the expected session id
     * @param file for messages
     * @param place for messages
     * @throws CorruptTraceException if a byte of it is not what was written, or it belongs to another session
     */
    public void verify(byte[] block, long high, long low, String file, String place) {
        int actual = checksum(block, payloadLength);
        if (actual != checksum) {
            throw corrupt(file, place, "block checksum " + hex(checksum), hex(actual));
        }
        if (sessionHigh != high || sessionLow != low) {
            String found = "session " + SessionInfo.sessionId(sessionHigh, sessionLow);
            throw corrupt(file, place, "session " + SessionInfo.sessionId(high, low), found);
        }
    }

    /** What the checksum of a block should be, of which the header claims that length of the frames. */
    static int checksum(byte[] block, int payloadLength) {
        CRC32C crc = new CRC32C();
        crc.update(block, 0, BlockDescriptor.CHECKSUM_OFFSET);
        crc.update(block, BlockDescriptor.HEADER_LENGTH, payloadLength);
        return (int) crc.getValue();
    }

    /** Whether the frames of the block are compact. */
    boolean isCompact() {
        return major != BlockDescriptor.MAJOR_OF_PLAIN_FRAMES;
    }

    /** Sequence number behind the last event. */
    public long endSequence() {
        return firstSequence + count;
    }

    private static TraceFormatException corrupt(String file, String place, String expected, String found) {
        return new CorruptTraceException(file, place, expected, found, NEXT_STEP);
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    private static String hex(int value) {
        return "0x" + Integer.toHexString(value);
    }
}
