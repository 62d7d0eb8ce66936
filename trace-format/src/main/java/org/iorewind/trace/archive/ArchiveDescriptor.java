package org.iorewind.trace.archive;

/**
 * Layout of an archive's header, index pages, index and trailer, little-endian. Bytes shown as 0 are written as 0.
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
 *  page: 40 bytes, then its chunks (56 bytes and 8 for each kind), then its checkpoints (48 bytes)
 *      0               4               8
 *  +---------------+---------------+                       one chunk
 *  | magic "IORP"  | length        |  0                    +-------------------------------+
 *  +---------------+---------------+                       | offset in the file            |  0
 *  | session id, high half         |  8                    +-------------------------------+
 *  +-------------------------------+                       | first sequence number         |  8
 *  | session id, low half          |  16                   +-------------------------------+
 *  +---------------+---------------+                       | least time, ns                |  16
 *  | chunks        | checkpoints   |  24                   +-------------------------------+
 *  +---------------+---------------+                       | greatest time, ns             |  24
 *  | first chunk's number          |  32                   +---------------+---------------+
 *  +-------------------------------+                       | count         | payload length|  32
 *                                                          +---------------+---------------+
 *  one checkpoint                                          | stored length | checksum      |  40
 *  +-------------------------------+                       +-------+-------+---------------+
 *  | offset in the file            |  0                    | kinds |           0           |  48
 *  +-------------------------------+                       +-------+-------+---------------+
 *  | sequence number               |  8                    | templ.|   0   | count         |  56, for each kind
 *  +-------------------------------+                       +-------+-------+---------------+
 *  | options hash                  |  16
 *  +---------------+---------------+
 *  | model version | payload length|  24
 *  +---------------+---------------+
 *  | stored length | checksum      |  32
 *  +---------------+---------------+
 *  | follows chunk |       0       |  40: the chunk of the page behind which it lies
 *  +---------------+---------------+
 *
 *  index: 48 bytes, then the totals (16 bytes each), then the pages (56 bytes and 16 for each kind)
 *  +---------------+---------------+                       one page
 *  | magic "IORX"  | pages         |  0                    +-------------------------------+
 *  +---------------+---------------+                       | offset in the file            |  0
 *  | session id, high half         |  8                    +-------------------------------+
 *  +-------------------------------+                       | first sequence number         |  8
 *  | session id, low half          |  16                   +-------------------------------+
 *  +-------------------------------+                       | least time, ns                |  16
 *  | events                        |  24                   +-------------------------------+
 *  +-------------------------------+                       | greatest time, ns             |  24
 *  | chunks                        |  32                   +---------------+---------------+
 *  +-------+-------+---------------+                       | length        | CRC-32C       |  32
 *  | kinds |   0   | checkpoints   |  40                   +---------------+---------------+
 *  +-------+-------+---------------+                       | chunks        | checkpoints   |  40
 *                                                          +---------------+-------+-------+
 *  total of one kind, also in a page's entry               | last checksum | kinds |   0   |  48
 *  +-------+-----------------------+                       +---------------+-------+-------+
 *  | templ.|           0           |  0                     last checksum: that of its last chunk
 *  +-------+-----------------------+
 *  | count                         |  8
 *  +-------------------------------+
 * </pre>
 */
public final class ArchiveDescriptor {
    /** {@code "IORW\r\n\x1A\n"}: text-mode transfer damages it visibly. */
    public static final long HEADER_MAGIC = 0x0A1A_0A0D_5752_4F49L;
    /** {@code "IORWEND\n"}. */
    public static final long TRAILER_MAGIC = 0x0A44_4E45_5752_4F49L;
    /** {@code "IORX"}. */
    public static final int INDEX_MAGIC = 0x5852_4F49;
    /** {@code "IORP"}. */
    public static final int PAGE_MAGIC = 0x5052_4F49;
    /** A reader refuses archives of another major version. */
    public static final int MAJOR = 1;
    /** A reader accepts archives of any minor version. */
    public static final int MINOR = 0;
    /** A page is closed when it has this many chunks. */
    public static final int PAGE_CHUNKS = 1024;
    /** A reader refuses longer pages. */
    public static final int MAX_PAGE_LENGTH = 64 * 1024 * 1024;

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

    static final int PAGE_FIXED_LENGTH = 40;
    static final int PAGE_LENGTH_OFFSET = 4;
    static final int PAGE_SESSION_HIGH_OFFSET = 8;
    static final int PAGE_SESSION_LOW_OFFSET = 16;
    static final int PAGE_CHUNKS_OFFSET = 24;
    static final int PAGE_CHECKPOINTS_OFFSET = 28;
    static final int PAGE_FIRST_CHUNK_OFFSET = 32;

    static final int CHUNK_LENGTH = 56;
    static final int CHUNK_OFFSET_OFFSET = 0;
    static final int CHUNK_FIRST_SEQUENCE_OFFSET = 8;
    static final int CHUNK_LEAST_TIME_OFFSET = 16;
    static final int CHUNK_GREATEST_TIME_OFFSET = 24;
    static final int CHUNK_COUNT_OFFSET = 32;
    static final int CHUNK_PAYLOAD_LENGTH_OFFSET = 36;
    static final int CHUNK_STORED_LENGTH_OFFSET = 40;
    static final int CHUNK_CHECKSUM_OFFSET = 44;
    static final int CHUNK_KINDS_OFFSET = 48;

    static final int CHECKPOINT_LENGTH = 48;
    static final int CHECKPOINT_FOLLOWS_OFFSET = 40;

    static final int INDEX_FIXED_LENGTH = 48;
    static final int INDEX_PAGES_OFFSET = 4;
    static final int INDEX_SESSION_HIGH_OFFSET = 8;
    static final int INDEX_SESSION_LOW_OFFSET = 16;
    static final int EVENTS_OFFSET = 24;
    static final int CHUNKS_OFFSET = 32;
    static final int TOTAL_KINDS_OFFSET = 40;
    static final int CHECKPOINTS_OFFSET = 44;

    static final int PAGE_ENTRY_LENGTH = 56;
    static final int PAGE_ENTRY_KINDS_OFFSET = 52;

    static final int TOTAL_LENGTH = 16;
    static final int TOTAL_COUNT_OFFSET = 8;

    private ArchiveDescriptor() {}
}
