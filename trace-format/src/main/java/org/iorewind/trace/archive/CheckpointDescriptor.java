package org.iorewind.trace.archive;

/**
 * Layout of a checkpoint, little-endian: 56 bytes, then the stored bytes.
 *
 * <pre>
 *      0               4               8
 *  +---------------+---+-----------+
 *  | magic "IORK"  |enc|     0     |  0
 *  +---------------+---+-----------+
 *  | session id, high half         |  8
 *  +-------------------------------+
 *  | session id, low half          |  16
 *  +-------------------------------+
 *  | sequence number               |  24
 *  +-------------------------------+
 *  | options hash                  |  32
 *  +---------------+---------------+
 *  | model version | payload length|  40
 *  +---------------+---------------+
 *  | stored length | checksum      |  48
 *  +---------------+---------------+
 * </pre>
 *
 * <p>The payload is the state before the event with the sequence number, of a model of that version run with options of
 * that hash; what it means is the model's business. {@code enc}: 0 stored as it is, 1 one zstd frame. {@code checksum} is
 * CRC-32C over bytes 0 to 51 and the stored bytes.
 */
public final class CheckpointDescriptor {
    /** {@code "IORK"}. */
    public static final int MAGIC = 0x4B52_4F49;
    /** Stored as it is. */
    public static final int ENCODING_PLAIN = 0;
    /** One zstd frame. */
    public static final int ENCODING_ZSTD = 1;
    /** Longest payload that is written or read. */
    public static final int MAX_PAYLOAD_LENGTH = 256 * 1024 * 1024;

    static final int ENCODING_OFFSET = 4;
    static final int SESSION_HIGH_OFFSET = 8;
    static final int SESSION_LOW_OFFSET = 16;
    static final int SEQUENCE_OFFSET = 24;
    static final int OPTIONS_HASH_OFFSET = 32;
    static final int MODEL_VERSION_OFFSET = 40;
    static final int PAYLOAD_LENGTH_OFFSET = 44;
    static final int STORED_LENGTH_OFFSET = 48;
    static final int CHECKSUM_OFFSET = 52;
    static final int HEADER_LENGTH = 56;

    private CheckpointDescriptor() {}
}
