package org.iorewind.trace.journal;

import net.openhft.chronicle.queue.RollCycles;
import org.iorewind.trace.block.BlockDescriptor;

/**
 * Names and layouts of a journal directory.
 *
 * <pre>
 *  open-block, little-endian: header of 64 bytes, then records, then zeros
 *      0               4               8
 *  +---------------+---+---+-------+
 *  | magic "IORS"  |maj|min|   0   |  0
 *  +---------------+---+---+-------+
 *  | state                         |  8    written last when a block is opened
 *  +-------------------------------+
 *  | session id, high half         |  16
 *  +-------------------------------+
 *  | session id, low half          |  24
 *  +-------------------------------+
 *  | first sequence number         |  32   also the number of events in blocks/
 *  +---------------+---------------+
 *  | checksum of   | CRC-32C       |  40   over bytes 0 to 7 and 16 to 43
 *  | block before  |               |
 *  +---------------+---------------+
 *  | records       |       0       |  48   counted after each record
 *  +---------------+---------------+
 *  |               0               |  56
 *  +---------------+---------------+
 *  | commit length | CRC-32C       |  64   a record: the length of its frame, written last, and its checksum
 *  +---------------+---------------+
 *  | frame ...                     |  72
 *  +-------------------------------+
 * </pre>
 *
 * <p>A record exists from the moment its commit length is not 0. The state has three values that differ in many bits:
 * open, being cleared (all records are in {@code blocks/}), closed in order.
 */
final class JournalDescriptor {
    static final String MARKER_NAME = "iorewind-journal";
    static final String MARKER_PARTIAL_NAME = "iorewind-journal.partial";
    static final String MARKER_WORD = "iorewind-journal ";
    static final String SESSION_WORD = "session ";
    static final String OPEN_BLOCK_NAME = "open-block";
    static final String BLOCKS_NAME = "blocks";
    static final int MAJOR = 1;
    static final int MINOR = 0;

    static final int MAGIC = 0x5352_4F49;
    static final long STATE_OPEN = 0x6E65_706F_A51C_93B7L;
    static final long STATE_CLEARING = 0x7261_656C_6352_E80DL;
    static final long STATE_CLOSED = 0x6465_736F_6C63_1D6AL;

    static final int MAGIC_OFFSET = 0;
    static final int MAJOR_OFFSET = 4;
    static final int MINOR_OFFSET = 5;
    static final int STATE_OFFSET = 8;
    static final int SESSION_HIGH_OFFSET = 16;
    static final int SESSION_LOW_OFFSET = 24;
    static final int FIRST_SEQUENCE_OFFSET = 32;
    static final int PREVIOUS_CHECKSUM_OFFSET = 40;
    static final int CHECKSUM_OFFSET = 44;
    static final int RECORDS_OFFSET = 48;
    static final int HEADER_LENGTH = 64;

    static final int COMMIT_LENGTH_OFFSET = 0;
    static final int RECORD_CHECKSUM_OFFSET = 4;
    static final int RECORD_HEADER_LENGTH = 8;

    /**
     * Room for the longest block and the head of every record in it, and more: when the disk is full the block cannot
     * be closed, but the {@code SessionEnd} that says so still fits.
     */
    static final int OPEN_BLOCK_LENGTH = HEADER_LENGTH + BlockDescriptor.MAX_PAYLOAD_LENGTH + 128 * 1024;

    /** Chronicle rolls files by its clock; this clock stands still (see {@link #QUEUE_TIME_MS}), so it never does. */
    static final RollCycles ROLL_CYCLE = RollCycles.FAST_DAILY;

    static final long QUEUE_TIME_MS = 0;

    /** Chronicle maps its file in pieces of this size and lets an excerpt overlap by a quarter of it. */
    static final long QUEUE_PIECE_LENGTH = 4L << 20;

    /** Longest excerpt. */
    static final int MAX_BLOCK_LENGTH = BlockDescriptor.HEADER_LENGTH + BlockDescriptor.MAX_PAYLOAD_LENGTH;

    private JournalDescriptor() {}
}
