package org.iorewind.trace.block;

import org.iorewind.trace.FrameDescriptor;

/**
 * Layout of a block's header, little-endian, 64 bytes. Frames follow without a gap: in blocks of version 1 as they are, in
 * those of version 2 as {@linkplain CompactFrame compact frames}.
 *
 * <pre>
 *      0       1       2       3       4       5       6       7
 *  +-------+-------+-------+-------+-------+-------+-------+-------+
 *  |  magic "IORB"                 | major | minor | headerLength  |  0
 *  +-------------------------------+-------+-------+---------------+
 *  |  session id, high half                                        |  8
 *  +---------------------------------------------------------------+
 *  |  session id, low half                                         |  16
 *  +---------------------------------------------------------------+
 *  |  sequence number of the first event                           |  24
 *  +---------------------------------------------------------------+
 *  |  time of the first event, ns                                  |  32
 *  +---------------------------------------------------------------+
 *  |  time of the last event, ns                                   |  40
 *  +-------------------------------+-------------------------------+
 *  |  count of events              |  length of the frames, bytes  |  48
 *  +-------------------------------+-------------------------------+
 *  |  checksum of the block before |  checksum                     |  56
 *  +-------------------------------+-------------------------------+
 * </pre>
 *
 * <p>{@code checksum} is CRC-32C over bytes 0 to 59 of the header and over all frames. The first block of a session has
 * 0 as the checksum of the block before.
 */
public final class BlockDescriptor {
    /** {@code "IORB"} read as a little-endian number. */
    public static final int MAGIC = 0x42524F49;
    /** The version that is written: compact frames. A reader refuses blocks of later major versions. */
    public static final int MAJOR = 2;
    /** The version of blocks with frames as they are. */
    public static final int MAJOR_OF_PLAIN_FRAMES = 1;
    /** A reader accepts blocks of any minor version. */
    public static final int MINOR = 0;

    /** Offset of the 32-bit magic. */
    public static final int MAGIC_OFFSET = 0;
    /** Offset of the 8-bit major version. */
    public static final int MAJOR_OFFSET = 4;
    /** Offset of the 8-bit minor version. */
    public static final int MINOR_OFFSET = 5;
    /** Offset of the 16-bit header length. */
    public static final int HEADER_LENGTH_OFFSET = 6;
    /** Offset of the high half of the session id. */
    public static final int SESSION_HIGH_OFFSET = 8;
    /** Offset of the low half of the session id. */
    public static final int SESSION_LOW_OFFSET = 16;
    /** Offset of the 64-bit sequence number of the first event. */
    public static final int FIRST_SEQUENCE_OFFSET = 24;
    /** Offset of the 64-bit time of the first event. */
    public static final int FIRST_TIME_OFFSET = 32;
    /** Offset of the 64-bit time of the last event. */
    public static final int LAST_TIME_OFFSET = 40;
    /** Offset of the 32-bit count of events. */
    public static final int COUNT_OFFSET = 48;
    /** Offset of the 32-bit length of the frames. */
    public static final int PAYLOAD_LENGTH_OFFSET = 52;
    /** Offset of the checksum of the block before. */
    public static final int PREVIOUS_CHECKSUM_OFFSET = 56;
    /** Offset of the checksum. */
    public static final int CHECKSUM_OFFSET = 60;
    /** Length of the header in bytes. */
    public static final int HEADER_LENGTH = 64;

    /** A block is closed before an event that would make its frames longer than this, unless it is the first. */
    public static final int TARGET_PAYLOAD_LENGTH = 160 * 1024;
    /** A block is closed when it has this many events. */
    public static final int TARGET_COUNT = 4000;
    /** Longest payload: one frame of the longest kind is longer than the target. */
    public static final int MAX_PAYLOAD_LENGTH = CompactFrame.longest(FrameDescriptor.MAX_FRAME_LENGTH);
    /** A reader refuses blocks of version 2 with more events than this: a compact frame may stand for much. */
    public static final int MAX_COUNT = 16_384;

    private BlockDescriptor() {}

    /**
     * Whether the next frame should go into a new block.
     *
     * @param count of the frames in the block
     * @param payloadLength of them, in bytes, as compact frames
     * @param frameLength of the next one, not compact
     */
    public static boolean isFull(int count, int payloadLength, int frameLength) {
        return count >= TARGET_COUNT
                || count > 0 && payloadLength + CompactFrame.longest(frameLength) > TARGET_PAYLOAD_LENGTH;
    }
}
