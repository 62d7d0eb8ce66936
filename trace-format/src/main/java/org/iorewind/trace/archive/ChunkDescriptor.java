package org.iorewind.trace.archive;

import org.iorewind.trace.FrameDescriptor;

/**
 * Layout of a chunk, little-endian: header, counts per kind of event, stored bytes.
 *
 * <pre>
 *      0               4               8
 *  +---------------+---+---+-------+
 *  | magic "IORC"  |enc| 0 | kinds |  0
 *  +---------------+---+---+-------+
 *  | session id, high half         |  8
 *  +-------------------------------+
 *  | session id, low half          |  16
 *  +-------------------------------+
 *  | first sequence number         |  24
 *  +-------------------------------+
 *  | time of the first event, ns   |  32
 *  +-------------------------------+
 *  | time of the last event, ns    |  40
 *  +---------------+---------------+
 *  | count         | payload length|  48
 *  +---------------+---------------+
 *  | stored length | checksum of   |  56
 *  +---------------+ chunk before  |
 *  |       0       | checksum      |  64
 *  +-------+-------+---------------+
 *  | templ.|   0   | count         |  72, for each kind in the chunk, ascending
 *  +-------+-------+---------------+
 *  | stored bytes ...
 *  +-------------------------------
 * </pre>
 *
 * <p>{@code checksum} is CRC-32C over bytes 0 to 67, the counts and the stored bytes. The first chunk has 0 as the
 * checksum of the chunk before. {@code enc}: 0 stored as they are, 1 zstd. The payload is the event frames.
 */
public final class ChunkDescriptor {
    /** {@code "IORC"}. */
    public static final int MAGIC = 0x4352_4F49;
    /** Frames stored as they are. */
    public static final int ENCODING_RAW = 0;
    /** Frames compressed as one zstd frame. */
    public static final int ENCODING_ZSTD = 1;
    /** A chunk is closed before an event that would make its frames longer than this, unless it is the first. */
    public static final int TARGET_PAYLOAD_LENGTH = 256 * 1024;
    /** A reader refuses chunks whose frames would be longer. */
    public static final int MAX_PAYLOAD_LENGTH = 8 * 1024 * 1024;
    /** A writer stores better compressible frames as they are; a reader refuses a chunk that would grow more. */
    public static final int MAX_RATIO = 1000;
    /** Part of the format: another level gives other bytes for the same events. */
    public static final int ZSTD_LEVEL = 3;

    static final int ENCODING_OFFSET = 4;
    static final int KINDS_OFFSET = 6;
    static final int SESSION_HIGH_OFFSET = 8;
    static final int SESSION_LOW_OFFSET = 16;
    static final int FIRST_SEQUENCE_OFFSET = 24;
    static final int FIRST_TIME_OFFSET = 32;
    static final int LAST_TIME_OFFSET = 40;
    static final int COUNT_OFFSET = 48;
    static final int PAYLOAD_LENGTH_OFFSET = 52;
    static final int STORED_LENGTH_OFFSET = 56;
    static final int PREVIOUS_CHECKSUM_OFFSET = 60;
    static final int CHECKSUM_OFFSET = 68;
    static final int HEADER_LENGTH = 72;

    static final int KIND_LENGTH = 8;
    static final int KIND_COUNT_OFFSET = 4;

    /** A chunk with one frame of the longest kind is longer than the target. */
    static final int BUFFER_LENGTH = FrameDescriptor.MAX_FRAME_LENGTH;

    private ChunkDescriptor() {}
}
