package org.iorewind.record.ring;

import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * Layout of a ring's file, little-endian; the same as in {@code iorewind_ring.h}.
 *
 * <pre>
 *      0  magic "IORWRING"      8  version     12  bytes of this header
 *     16  capacity             24  schema id, version of the reader (16 bits each)   28  policy
 *     32  wait limit, ns       40  CLOCK_MONOTONIC and, at 48, wall clock at time 0
 *    128  state, pid of the writer   136  times it waited   144  ns it waited   152  schema of the writer
 *    256  records lost         264  of these not yet told   272, 280  when: first, last
 *    384  state, pid of the reader   392  when it looked last   400  position handed on   408  device table   416  starts
 *   4096  data area: capacity bytes; then positions: tail at 128, cached head at 256, head at 384
 * </pre>
 */
public final class RingDescriptor {
    /** "IORWRING", read as a little-endian number. */
    public static final long MAGIC = 0x474E_4952_5752_4F49L;
    /** Version of the protocol. */
    public static final int VERSION = 1;
    /** Where the data area starts. */
    public static final int HEADER_LENGTH = 4096;
    /** Least capacity in bytes. */
    public static final int MIN_CAPACITY = 1 << 16;
    /** Greatest capacity in bytes. */
    public static final int MAX_CAPACITY = 1 << 30;

    /** Content of a record: one event frame. */
    public static final int EVENT = 1;
    /** Content of a record: when, which thread, whose text, and the text. */
    public static final int TEXT = 2;
    /** Content of a record: when first, when last, how many records are missing. */
    public static final int LOST = 3;
    /** Content of a record: time and wall clock at one moment. */
    public static final int CLOCK = 4;

    /** Stream of a text: a line of the log. */
    public static final int STREAM_LOG = 1;
    /** Stream of a text: a store, or a page that became of interest. */
    public static final int STREAM_STORES = 2;
    /** Stream of a text: the recording side itself, for people. */
    public static final int STREAM_NOTE = 3;

    static final int VERSION_OFFSET = 8;
    static final int HEADER_LENGTH_OFFSET = 12;
    static final int CAPACITY_OFFSET = 16;
    static final int SCHEMA_ID_OFFSET = 24;
    static final int SCHEMA_VERSION_OFFSET = 26;
    static final int POLICY_OFFSET = 28;
    static final int WAIT_LIMIT_OFFSET = 32;
    static final int START_MONO_OFFSET = 40;
    static final int START_UNIX_OFFSET = 48;
    static final int WRITER_STATE_OFFSET = 128;
    static final int WRITER_PID_OFFSET = 132;
    static final int WAITS_OFFSET = 136;
    static final int WAITED_OFFSET = 144;
    static final int LOST_OFFSET = 256;
    static final int UNTOLD_OFFSET = 264;
    static final int UNTOLD_FIRST_OFFSET = 272;
    static final int UNTOLD_LAST_OFFSET = 280;
    static final int READER_STATE_OFFSET = 384;
    static final int READER_PID_OFFSET = 388;
    static final int READER_ALIVE_OFFSET = 392;
    static final int READER_TAKEN_OFFSET = 400;
    static final int DEVICE_TABLE_OFFSET = 408;
    static final int READER_STARTS_OFFSET = 416;

    static final int STATE_NEVER = 0;
    static final int STATE_HERE = 1;
    static final int STATE_LEFT = 2;

    /** Bytes of the file whose locks tell who is alive; their content does not matter. */
    static final int WRITER_LOCK = 64;

    static final int READER_LOCK = 65;

    static final int TRAILER_LENGTH = RingBufferDescriptor.TRAILER_LENGTH;
    static final int TAIL_OFFSET = RingBufferDescriptor.TAIL_POSITION_OFFSET;
    static final int HEAD_OFFSET = RingBufferDescriptor.HEAD_POSITION_OFFSET;

    static final int RECORD_HEADER_LENGTH = 8;
    static final int RECORD_ALIGNMENT = 8;
    static final int PADDING = -1;

    static final int TEXT_THREAD_OFFSET = 8;
    static final int TEXT_STREAM_OFFSET = 12;
    static final int TEXT_HEADER_LENGTH = 16;
    static final int LOST_LENGTH = 24;
    static final int CLOCK_LENGTH = 16;

    private RingDescriptor() {}

    /** Length of a file in bytes. */
    static long fileLength(int capacity) {
        return HEADER_LENGTH + (long) capacity + TRAILER_LENGTH;
    }
}
