package org.iorewind.trace;

import org.iorewind.trace.sbe.DmaRequestEncoder;

/**
 * Layout of the frame of a {@code DmaRequest}, the most frequent event: five words, written without the encoder that the
 * schema gives. Words 0 and 1 are as in {@link FrameDescriptor}.
 *
 * <pre>
 *  63              48      40              32                             0
 *  +---------------+-------+---------------+------------------------------+
 *  | requester     |access |                 origin                       |  word 2
 *  +---------------+-------+----------------------------------------------+
 *  |                              address                                 |  word 3
 *  +---------------------------------------+------------------------------+
 *  |                 pasid                 |            length            |  word 4
 *  +---------------------------------------+------------------------------+
 * </pre>
 */
final class DmaRequestDescriptor {
    private static final int WORDS = 5;
    private static final int BODY_WORD2 = FrameDescriptor.SOURCE_OFFSET - FrameDescriptor.HEADER_LENGTH;
    private static final int ACCESS_SHIFT = Byte.SIZE * (DmaRequestEncoder.accessEncodingOffset() - BODY_WORD2);
    private static final int REQUESTER_SHIFT = Byte.SIZE * (DmaRequestEncoder.requesterEncodingOffset() - BODY_WORD2);
    private static final int VERSION = 0;

    /** The first word: it is the same in all frames. */
    static final long HEADER = DmaRequestEncoder.BLOCK_LENGTH
            | (long) DmaRequestEncoder.TEMPLATE_ID << Byte.SIZE * FrameDescriptor.TEMPLATE_ID_OFFSET
            | (long) DmaRequestEncoder.SCHEMA_ID << Byte.SIZE * FrameDescriptor.SCHEMA_ID_OFFSET
            | (long) VERSION << Byte.SIZE * FrameDescriptor.VERSION_OFFSET
            | (long) WORDS << Byte.SIZE * FrameDescriptor.FRAME_WORDS_OFFSET;

    private DmaRequestDescriptor() {}

    /** What stands behind the origin in word 2. */
    static long behindOrigin(int access, int requester) {
        return (access & 0xFFL) << ACCESS_SHIFT | (requester & 0xFFFFL) << REQUESTER_SHIFT;
    }

    /** The last word. */
    static long lastWord(int length, int pasid) {
        return Integer.toUnsignedLong(length) | Integer.toUnsignedLong(pasid) << Integer.SIZE;
    }
}
