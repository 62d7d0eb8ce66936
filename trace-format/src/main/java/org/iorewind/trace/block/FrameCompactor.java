package org.iorewind.trace.block;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;

/**
 * Makes {@linkplain CompactFrame compact frames}, one after the other. Allocates nothing. Not thread-safe.
 *
 * <p>One branch for each word: which words differ is mostly the same from one event of a type to the next, and a branch that is
 * foreseen costs less than storing what is not needed.
 */
public final class FrameCompactor {
    private final long[] references = new long[CompactFrame.REFERENCES * CompactFrame.REFERENCE_WORDS];
    private int to;
    private int head;
    private long check;

    /** A block begins. */
    public void reset() {
        Arrays.fill(references, 0);
    }

    /**
     * Stores the compact form of a frame.
     *
     * @param into where to
     * @param at offset there
     * @param source holds the frame
     * @param offset of the frame
     * @param length of the frame in bytes, as its first word says
     * @param seal what the {@linkplain #check check} starts from
     * @return offset behind the compact frame
     */
    public int append(MutableDirectBuffer into, int at, DirectBuffer source, int offset, int length, long seal) {
        int type = CompactFrame.type(source.getLong(offset, LITTLE_ENDIAN));
        int reference = type * CompactFrame.REFERENCE_WORDS;
        int compared = Math.min(length, CompactFrame.REFERENCE_LENGTH);
        begin(at, type, seal);
        for (int i = 0; i < compared; i += Long.BYTES) {
            long word = source.getLong(offset + i, LITTLE_ENDIAN);
            int index = i / Long.BYTES;
            long last = references[reference + index];
            if (word != last) {
                references[reference + index] = word;
                replace(into, word, last, index);
            }
        }
        for (int i = compared; i < length; i += Long.BYTES) {
            long word = source.getLong(offset + i, LITTLE_ENDIAN);
            into.putLong(to, word, LITTLE_ENDIAN);
            check = CompactFrame.mix(check, word);
            to += Long.BYTES;
        }
        return finish(into, at);
    }

    /**
     * As above, of a frame of five words that need not be in memory.
     *
     * @return offset behind the compact frame
     */
    public int append(
            MutableDirectBuffer into, int at, long word0, long word1, long word2, long word3, long word4, long seal) {
        int type = CompactFrame.type(word0);
        int reference = type * CompactFrame.REFERENCE_WORDS;
        long[] all = references;
        begin(at, type, seal);
        long last0 = all[reference];
        if (word0 != last0) {
            all[reference] = word0;
            replace(into, word0, last0, 0);
        }
        long last1 = all[reference + 1];
        if (word1 != last1) {
            all[reference + 1] = word1;
            replace(into, word1, last1, 1);
        }
        long last2 = all[reference + 2];
        if (word2 != last2) {
            all[reference + 2] = word2;
            replace(into, word2, last2, 2);
        }
        long last3 = all[reference + 3];
        if (word3 != last3) {
            all[reference + 3] = word3;
            replace(into, word3, last3, 3);
        }
        long last4 = all[reference + 4];
        if (word4 != last4) {
            all[reference + 4] = word4;
            replace(into, word4, last4, 4);
        }
        return finish(into, at);
    }

    private void begin(int at, int type, long seal) {
        to = at + CompactFrame.HEAD_LENGTH;
        head = type;
        check = seal;
    }

    private void replace(MutableDirectBuffer into, long word, long last, int index) {
        if ((word ^ last) >>> Integer.SIZE == 0) {
            into.putInt(to, (int) word, LITTLE_ENDIAN);
            to += Integer.BYTES;
            head |= 1 << CompactFrame.WORDS_SHIFT + index;
        } else {
            into.putLong(to, word, LITTLE_ENDIAN);
            to += Long.BYTES;
            head |= (1 << CompactFrame.WORDS_SHIFT | 1 << CompactFrame.WIDE_SHIFT) << index;
        }
        check = CompactFrame.mix(check, word);
    }

    private int finish(MutableDirectBuffer into, int at) {
        into.putInt(at, head, LITTLE_ENDIAN);
        check = CompactFrame.mix(check, head);
        return to;
    }

    /** The {@linkplain CompactFrame check} of the compact frame appended last, from its seal on. */
    public long check() {
        return check;
    }
}
