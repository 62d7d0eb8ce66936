package org.iorewind.trace.archive;

/**
 * Layout of an archive's header, index and trailer, little-endian. Bytes shown as 0 are written as 0.
 *
 * <pre>
 *  header, 64 bytes                                        trailer, 32 bytes
 *      0               4               8                       0               4               8
 *  +-------------------------------+                       +-------------------------------+
 *  | magic "IORW" CR LF 1A LF      |  0                    | offset of the index           |  0
 *  +---+---+-------+---------------+                       +-------------------------------+
 *  |maj|min| hdrLen|       0       |  8                    | length of the index, bytes    |  8
 *  +---+---+-------+---------------+                       +---------------+---------------+
 *  | session id, high half         |  16                   | index CRC-32C | CRC-32C       |  16
 *  +-------------------------------+                       +---------------+---------------+
 *  | session id, low half          |  24                   | magic "IORWEND" LF            |  24
 *  +-------------------------------+                       +-------------------------------+
 *  |  0 ...        +---------------+                        the second CRC covers bytes 0 to 19 and the magic
 *  |               | CRC-32C       |  56
 *  +---------------+---------------+
 *   the CRC covers bytes 0 to 59
 *
 *  index: 40 bytes, then the totals (16 bytes each), then the chunks (56 bytes and 8 for each kind of event)
 *      0               4               8
 *  +---------------+---------------+
 *  | magic "IORX"  | chunks        |  0                    total of one kind
 *  +---------------+---------------+                       +-------+-------+---------------+
 *  | session id, high half         |  8                    | templ.|           0           |  0
 *  +-------------------------------+                       +-------+-----------------------+
 *  | session id, low half          |  16                   | count                         |  8
 *  +-------------------------------+                       +-------------------------------+
 *  | events                        |  24
 *  +-------+-----------------------+
 *  | kinds |           0           |  32
 *  +-------+-----------------------+
 *
 *  one chunk in the index
 *  +-------------------------------+
 *  | offset in the file            |  0
 *  +-------------------------------+
 *  | first sequence number         |  8
 *  +-------------------------------+
 *  | time of the first event, ns   |  16
 *  +-------------------------------+
 *  | time of the last event, ns    |  24
 *  +---------------+---------------+
 *  | count         | payload length|  32
 *  +---------------+---------------+
 *  | stored length | checksum      |  40
 *  +-------+---+---+---------------+
 *  | kinds |enc|         0         |  48                   then per kind: template 16 bits, 0, count 32 bits
 *  +-------+---+-------------------+
 * </pre>
 */
public final class ArchiveDescriptor {
    /** {@code "IORW\r\n\x1A\n"}: text-mode transfer damages it visibly. */
    public static final long HEADER_MAGIC = 0x0A1A_0A0D_5752_4F49L;
    /** {@code "IORWEND\n"}. */
    public static final long TRAILER_MAGIC = 0x0A44_4E45_5752_4F49L;
    /** {@code "IORX"}. */
    public static final int INDEX_MAGIC = 0x5852_4F49;
    /** A reader refuses archives of another major version. */
    public static final int MAJOR = 1;
    /** A reader accepts archives of any minor version. */
    public static final int MINOR = 0;

    static final int HEADER_LENGTH = 64;
    static final int MAJOR_OFFSET = 8;
    static final int MINOR_OFFSET = 9;
    static final int HEADER_LENGTH_OFFSET = 10;
    static final int HEADER_SESSION_HIGH_OFFSET = 16;
    static final int HEADER_SESSION_LOW_OFFSET = 24;
    static final int HEADER_CHECKSUM_OFFSET = 60;

    static final int TRAILER_LENGTH = 32;
    static final int INDEX_OFFSET_OFFSET = 0;
    static final int INDEX_LENGTH_OFFSET = 8;
    static final int INDEX_CHECKSUM_OFFSET = 16;
    static final int TRAILER_CHECKSUM_OFFSET = 20;
    static final int TRAILER_MAGIC_OFFSET = 24;

    static final int INDEX_FIXED_LENGTH = 40;
    static final int CHUNKS_OFFSET = 4;
    static final int INDEX_SESSION_HIGH_OFFSET = 8;
    static final int INDEX_SESSION_LOW_OFFSET = 16;
    static final int EVENTS_OFFSET = 24;
    static final int TOTAL_KINDS_OFFSET = 32;

    static final int TOTAL_LENGTH = 16;
    static final int TOTAL_COUNT_OFFSET = 8;

    static final int ENTRY_LENGTH = 56;
    static final int ENTRY_OFFSET_OFFSET = 0;
    static final int ENTRY_FIRST_SEQUENCE_OFFSET = 8;
    static final int ENTRY_FIRST_TIME_OFFSET = 16;
    static final int ENTRY_LAST_TIME_OFFSET = 24;
    static final int ENTRY_COUNT_OFFSET = 32;
    static final int ENTRY_PAYLOAD_LENGTH_OFFSET = 36;
    static final int ENTRY_STORED_LENGTH_OFFSET = 40;
    static final int ENTRY_CHECKSUM_OFFSET = 44;
    static final int ENTRY_KINDS_OFFSET = 48;
    static final int ENTRY_ENCODING_OFFSET = 50;

    private ArchiveDescriptor() {}
}
