package org.iorewind.trace.block;

import org.iorewind.trace.FrameDescriptor;

/**
 * How frames stand in a block of version 2: of each frame only the words that differ from the last frame of its type in the same
 * block, and of those the lower half if the upper one does not differ. Most events repeat most of what the event of their type
 * before them said; a {@code DmaRequest}, 40 bytes, is left with half of its time and half of its address, 12 bytes.
 *
 * <pre>
 *   0       1       2       3       4
 *  +-------+-------+-------+-------+-------------------------------+-----
 *  | type  | words | wide  |   0   | what differs, 4 or 8 bytes ...| all words behind the eighth ...
 *  +-------+-------+-------+-------+-------------------------------+-----
 * </pre>
 *
 * <p>{@code type} is the low half of the frame's template id, so that it is known before the first word. It chooses one of 256
 * <em>references</em> of eight words, which are zero where a block begins. Bit <i>i</i> of {@code words} is set if word
 * <i>i</i> of the frame differs from word <i>i</i> of the reference, and replaces it: all of it, if bit <i>i</i> of {@code wide} is
 * set too, else its lower half. The first word says how long the frame is; no bit of a word that it does not have is set, and none
 * of {@code wide} that is not set in {@code words}.
 *
 * <p>The <em>check</em> of a compact frame starts from some number; each word of the frame that differs, each word behind the
 * eighth, and at last the first four bytes as a number are mixed into it. What the frame refers to is not part of it: that
 * is covered by the checks of the frames before.
 *
 * <p>Halves of words, since that is what the recorder's hot path can tell and store at the least cost; it costs less than storing
 * the same bytes again did.
 */
public final class CompactFrame {
    static final int TYPE_OFFSET = 0;
    static final int WORDS_OFFSET = 1;
    static final int WIDE_OFFSET = 2;
    static final int ZERO_OFFSET = 3;
    /** Bytes in front of the words. */
    public static final int HEAD_LENGTH = 4;

    static final int WORDS_SHIFT = Byte.SIZE * WORDS_OFFSET;
    static final int WIDE_SHIFT = Byte.SIZE * WIDE_OFFSET;

    /** Words of a reference; what a frame has behind them is stored as it is. */
    static final int REFERENCE_WORDS = Byte.SIZE;
    /** References, one for each value of {@code type}. */
    static final int REFERENCES = 1 << Byte.SIZE;

    static final int REFERENCE_LENGTH = REFERENCE_WORDS * Long.BYTES;

    private static final long PRIME = 0xC2B2_AE3D_27D4_EB4FL;
    private static final int TURN = 29;
    private static final int FRAME_WORDS_SHIFT = Byte.SIZE * FrameDescriptor.FRAME_WORDS_OFFSET;
    private static final int TYPE_SHIFT = Byte.SIZE * FrameDescriptor.TEMPLATE_ID_OFFSET;

    private CompactFrame() {}

    /**
     * Longest compact form of a frame.
     *
     * @param frameLength of the frame, in bytes
     */
    public static int longest(int frameLength) {
        return HEAD_LENGTH + frameLength;
    }

    /**
     * Length of the longest frames that compact frames can stand for.
     *
     * @param length of all compact frames, in bytes
     * @param count of them
     */
    public static int longestExpanded(int length, int count) {
        return length + count * REFERENCE_LENGTH;
    }

    /** A check with one more word: a multiplication, which keeps all differences. */
    public static long mix(long check, long word) {
        return Long.rotateLeft(check ^ word, TURN) * PRIME;
    }

    /**
     * Bytes of what differs. A head with bits of {@code wide} that are not in {@code words} is none; it has at least that many.
     *
     * @param head the first four bytes
     */
    static int storedLength(int head) {
        return Integer.bitCount(head >>> WORDS_SHIFT & 0xFFFF) * Integer.BYTES;
    }

    /** Number of words of the frame with this first word. */
    static int words(long header) {
        return (int) (header >>> FRAME_WORDS_SHIFT);
    }

    /** Number of the reference of the frame with this first word. */
    static int type(long header) {
        return (int) (header >>> TYPE_SHIFT) & (REFERENCES - 1);
    }
}
