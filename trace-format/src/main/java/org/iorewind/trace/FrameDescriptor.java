package org.iorewind.trace;

/**
 * Layout of the start of every event frame, little-endian. All frames start at a multiple of 8 bytes and are a multiple
 * of 8 bytes long; the bytes behind the last variable field are zero.
 *
 * <pre>
 *   0               2               4       5       6               8
 *  +---------------+---------------+-------+-------+---------------+
 *  | blockLength   | templateId    |schema |version| frameWords    |  messageHeader
 *  +---------------+---------------+-------+-------+---------------+
 *  | timeNs                                                        |  origin, the first 13 bytes of the body
 *  +-------+-------+---------------+-------+-----------------------+
 *  |source | iommu | guest         | flags |  fixed fields ...
 *  +-------+-------+---------------+-------+
 *  16      17      18              20      21
 * </pre>
 */
public final class FrameDescriptor {
    /** Offset of the 16-bit length of the fixed fields, in bytes. */
    public static final int BLOCK_LENGTH_OFFSET = 0;
    /** Offset of the 16-bit template id. */
    public static final int TEMPLATE_ID_OFFSET = 2;
    /** Offset of the 8-bit schema id. */
    public static final int SCHEMA_ID_OFFSET = 4;
    /** Offset of the 8-bit minor version of the schema. */
    public static final int VERSION_OFFSET = 5;
    /** Offset of the 16-bit length of the whole frame in 8-byte words. */
    public static final int FRAME_WORDS_OFFSET = 6;
    /** Length of the header in bytes; the body starts here. */
    public static final int HEADER_LENGTH = 8;

    /** Offset of the 64-bit time in ns. */
    public static final int TIME_OFFSET = 8;
    /** Offset of the 8-bit source number. */
    public static final int SOURCE_OFFSET = 16;
    /** Offset of the 8-bit IOMMU number. */
    public static final int IOMMU_OFFSET = 17;
    /** Offset of the 16-bit GuestID. */
    public static final int GUEST_OFFSET = 18;
    /** Offset of the 8-bit set of flags. */
    public static final int FLAGS_OFFSET = 20;
    /** Length of the composite {@code origin} in bytes. */
    public static final int ORIGIN_LENGTH = 13;

    /** All frames start and end at a multiple of this. */
    public static final int ALIGNMENT = 8;
    /** Bytes that the length of a variable field takes, before its data. */
    public static final int VARIABLE_LENGTH_BYTES = 2;
    /** Shortest frame: header, origin, padding. */
    public static final int MIN_FRAME_LENGTH = 24;
    /** Longest frame: 65,535 words of 8 bytes. */
    public static final int MAX_FRAME_LENGTH = 0xFFFF * ALIGNMENT;

    private FrameDescriptor() {}

    /** Rounds a length in bytes up to whole words. */
    public static int align(int lengthBytes) {
        return (lengthBytes + (ALIGNMENT - 1)) & -ALIGNMENT;
    }
}
