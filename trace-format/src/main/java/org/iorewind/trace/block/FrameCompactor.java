package org.iorewind.trace.block;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/**
 * Makes {@linkplain CompactFrame compact frames}, one after the other. Allocates nothing. Not thread-safe.
 *
 * <p>One branch for each word: which words differ is mostly the same from one event of a type to the next, and a branch that is
 * foreseen costs less than storing what is not needed.
 */
public final class FrameCompactor {
    /** In the head of a frame whose words 1 and 3 differ, in their lower halves. */
    private static final int TIME_AND_THIRD = (1 << 1 | 1 << 3) << CompactFrame.WORDS_SHIFT;

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
     * As above, of a frame of five words that need not be in memory. When a device goes on where it was, only its frames' times
     * and addresses differ, in their lower halves: this is done at once.
     *
     * <p>All that changes on the way is in local variables: what is stored into a buffer may, for all the compiler knows, be a field
     * of this object. One long method, which the compiler does not make part of its caller: where it did, of a shorter one, all
     * together took a fifth longer.
     *
     * @return offset behind the compact frame
     */
    public int append(
            UnsafeBuffer into, int at, long word0, long word1, long word2, long word3, long word4, long seal) {
        int type = CompactFrame.type(word0);
        int reference = type * CompactFrame.REFERENCE_WORDS;
        long[] all = references;
        long time = word1 ^ all[reference + 1];
        long third = word3 ^ all[reference + 3];
        if ((word0 ^ all[reference]
                                | word2 ^ all[reference + 2]
                                | word4 ^ all[reference + 4]
                                | (time | third) >>> Integer.SIZE)
                        == 0
                && time != 0
                && third != 0) {
            int head = type | TIME_AND_THIRD;
            all[reference + 1] = word1;
            all[reference + 3] = word3;
            into.putInt(at, head, LITTLE_ENDIAN);
            into.putLong(at + CompactFrame.HEAD_LENGTH, word1 & 0xFFFF_FFFFL | word3 << Integer.SIZE, LITTLE_ENDIAN);
            check = CompactFrame.mix(CompactFrame.mix(CompactFrame.mix(seal, word1), word3), head);
            return at + CompactFrame.HEAD_LENGTH + Long.BYTES;
        }
        int next = at + CompactFrame.HEAD_LENGTH;
        int first = type;
        long mixed = seal;
        long difference = word0 ^ all[reference];
        if (difference != 0) {
            all[reference] = word0;
            next = store(into, next, word0, difference);
            first |= bits(difference);
            mixed = CompactFrame.mix(mixed, word0);
        }
        difference = word1 ^ all[reference + 1];
        if (difference != 0) {
            all[reference + 1] = word1;
            next = store(into, next, word1, difference);
            first |= bits(difference) << 1;
            mixed = CompactFrame.mix(mixed, word1);
        }
        difference = word2 ^ all[reference + 2];
        if (difference != 0) {
            all[reference + 2] = word2;
            next = store(into, next, word2, difference);
            first |= bits(difference) << 2;
            mixed = CompactFrame.mix(mixed, word2);
        }
        difference = word3 ^ all[reference + 3];
        if (difference != 0) {
            all[reference + 3] = word3;
            next = store(into, next, word3, difference);
            first |= bits(difference) << 3;
            mixed = CompactFrame.mix(mixed, word3);
        }
        difference = word4 ^ all[reference + 4];
        if (difference != 0) {
            all[reference + 4] = word4;
            next = store(into, next, word4, difference);
            first |= bits(difference) << 4;
            mixed = CompactFrame.mix(mixed, word4);
        }
        into.putInt(at, first, LITTLE_ENDIAN);
        check = CompactFrame.mix(mixed, first);
        return next;
    }

    /** Of a word at index 0 that differs so from the last one, its bits in the head. */
    private static int bits(long difference) {
        return difference >>> Integer.SIZE == 0
                ? 1 << CompactFrame.WORDS_SHIFT
                : 1 << CompactFrame.WORDS_SHIFT | 1 << CompactFrame.WIDE_SHIFT;
    }

    private static int store(UnsafeBuffer into, int at, long word, long difference) {
        if (difference >>> Integer.SIZE == 0) {
            into.putInt(at, (int) word, LITTLE_ENDIAN);
            return at + Integer.BYTES;
        }
        into.putLong(at, word, LITTLE_ENDIAN);
        return at + Long.BYTES;
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
