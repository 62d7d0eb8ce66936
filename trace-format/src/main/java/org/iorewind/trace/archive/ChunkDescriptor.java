package org.iorewind.trace.archive;

import org.iorewind.trace.FrameDescriptor;

/**
 * Layout of a chunk, little-endian: header, counts per kind of event, stored bytes. The stored bytes are the directory,
 * see {@link ColumnDescriptor}, then the streams in the order in which the directory names them.
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
 *  | least time of an event, ns    |  32
 *  +-------------------------------+
 *  | greatest time of an event, ns |  40
 *  +---------------+---------------+
 *  | count         | payload length|  48
 *  +---------------+---------------+
 *  | stored length | checksum of   |  56
 *  |               | chunk before  |
 *  +---------------+---------------+
 *  | directory     | its stored    |  64
 *  | length        | length        |
 *  +---------------+---------------+
 *  |       0       | checksum      |  72
 *  +-------+-------+---------------+
 *  | templ.|   0   | count         |  80, for each kind in the chunk, ascending
 *  +-------+-------+---------------+
 *  | stored bytes ...
 *  +-------------------------------
 * </pre>
 *
 * <p>{@code checksum} is CRC-32C over bytes 0 to 75, the counts and the stored bytes. The first chunk has 0 as the
 * checksum of the chunk before. {@code enc} is 1: columns. The payload is the event frames that the columns make.
 */
public final class ChunkDescriptor {
    /** {@code "IORC"}. */
    public static final int MAGIC = 0x4352_4F49;
    /** The one encoding there is: columns. */
    public static final int ENCODING_COLUMNS = 1;
    /** A chunk is closed before an event that would make its frames longer than this, unless it is the first. */
    public static final int TARGET_PAYLOAD_LENGTH = 1024 * 1024;
    /** A chunk is closed when it has this many events. */
    public static final int TARGET_COUNT = 16 * 1024;
    /** A reader refuses chunks whose frames would be longer. */
    public static final int MAX_PAYLOAD_LENGTH = 8 * 1024 * 1024;
    /** Part of the format: another level gives other bytes for the same events. */
    public static final int ZSTD_LEVEL = 9;
    /** The level at which predictors are compared; part of the format like the other. */
    public static final int TRIAL_LEVEL = 1;

    static final int ENCODING_OFFSET = 4;
    static final int KINDS_OFFSET = 6;
    static final int SESSION_HIGH_OFFSET = 8;
    static final int SESSION_LOW_OFFSET = 16;
    static final int FIRST_SEQUENCE_OFFSET = 24;
    static final int LEAST_TIME_OFFSET = 32;
    static final int GREATEST_TIME_OFFSET = 40;
    static final int COUNT_OFFSET = 48;
    static final int PAYLOAD_LENGTH_OFFSET = 52;
    static final int STORED_LENGTH_OFFSET = 56;
    static final int PREVIOUS_CHECKSUM_OFFSET = 60;
    static final int DIRECTORY_LENGTH_OFFSET = 64;
    static final int STORED_DIRECTORY_LENGTH_OFFSET = 68;
    static final int CHECKSUM_OFFSET = 76;
    static final int HEADER_LENGTH = 80;

    static final int KIND_LENGTH = 8;
    static final int KIND_COUNT_OFFSET = 4;

    /** Room for the frames of a chunk: one of the longest kind is shorter than the target. */
    static final int BUFFER_LENGTH = Math.max(TARGET_PAYLOAD_LENGTH, FrameDescriptor.MAX_FRAME_LENGTH);

    private ChunkDescriptor() {}
}
