package org.iorewind.trace.journal;

import net.openhft.chronicle.queue.RollCycles;
import org.iorewind.trace.block.BlockDescriptor;

/** Names in the directory of a journal, and what the queue of blocks looks like. */
final class JournalDescriptor {
    static final String MARKER_NAME = "iorewind-journal";
    static final String MARKER_PARTIAL_NAME = "iorewind-journal.partial";
    static final String MARKER_WORD = "iorewind-journal ";
    static final String SESSION_WORD = "session ";
    static final String BLOCKS_NAME = "blocks";
    /** Each version has other slots than the one before: see {@link SlotLayout}. */
    static final int MAJOR = 3;

    static final int MINOR = 0;

    /** Chronicle rolls files by its clock; this clock stands still (see {@link #QUEUE_TIME_MS}), so it never does. */
    static final RollCycles ROLL_CYCLE = RollCycles.FAST_DAILY;

    static final long QUEUE_TIME_MS = 0;

    /** The one file of blocks: what the roll cycle makes of the time 0. */
    static final String QUEUE_DATA_NAME = "19700101F.cq4";

    static final String QUEUE_TABLE_NAME = "metadata.cq4t";

    /** Chronicle maps its file in pieces of this size and lets an excerpt overlap by a quarter of it. */
    static final long QUEUE_PIECE_LENGTH = 4L << 20;

    /** Longest excerpt. */
    static final int MAX_BLOCK_LENGTH = BlockDescriptor.HEADER_LENGTH + BlockDescriptor.MAX_PAYLOAD_LENGTH;

    private JournalDescriptor() {}
}
