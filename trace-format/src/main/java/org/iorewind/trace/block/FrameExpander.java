package org.iorewind.trace.block;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import org.iorewind.trace.FrameDescriptor;

/**
 * Makes frames of {@linkplain CompactFrame compact frames}, one after the other. Whatever the bytes are, it reads and writes
 * within the bounds it is given. Allocates nothing. Not thread-safe.
 *
 * <p>Works on arrays, since their bounds are checked at the least cost: this is what scanning a journal spends its time on.
 */
public final class FrameExpander {
    /** What is returned where there is no compact frame. */
    public static final int NO_FRAME = -1;
    /** So many bytes behind a frame are overwritten at most. */
    public static final int SLACK = CompactFrame.REFERENCE_LENGTH - FrameDescriptor.MIN_FRAME_LENGTH;

    private static final VarHandle WORD = MethodHandles.byteArrayViewVarHandle(long[].class, LITTLE_ENDIAN);

    private static final VarHandle HALF = MethodHandles.byteArrayViewVarHandle(int[].class, LITTLE_ENDIAN);

    private final long[] references = new long[CompactFrame.REFERENCES * CompactFrame.REFERENCE_WORDS];
    private final long[] previewed = new long[CompactFrame.REFERENCE_WORDS];
    private int behind;

    /** A block begins. */
    public void reset() {
        Arrays.fill(references, 0);
    }

    /**
     * Expands a frame that is known to be what was written.
     *
     * @param source holds the compact frame
     * @param at offset of the compact frame
     * @param limit offset behind the last byte that may belong to it
     * @param into where the frame goes; has {@value #SLACK} bytes more behind the limit
     * @param to offset there
     * @param toLimit offset behind the last byte that the frame may have there
     * @return length of the frame in bytes; {@link #NO_FRAME} if there is none that lies within its bounds
     */
    public int expand(byte[] source, int at, int limit, byte[] into, int to, int toLimit) {
        return limit - at < CompactFrame.HEAD_LENGTH
                ? NO_FRAME
                : expand(source, at, limit, into, to, toLimit, references, reference(source, at));
    }

    /**
     * As {@link #expand}, of a frame that may turn out not to be what was written: the references do not change until {@link
     * #accept}.
     */
    public int preview(byte[] source, int at, int limit, byte[] into, int to, int toLimit) {
        if (limit - at < CompactFrame.HEAD_LENGTH) {
            return NO_FRAME;
        }
        System.arraycopy(references, reference(source, at), previewed, 0, CompactFrame.REFERENCE_WORDS);
        return expand(source, at, limit, into, to, toLimit, previewed, 0);
    }

    /**
     * Where a frame that could not be previewed would end, as its head claims: if that is behind the limit, the frame may be
     * sound all the same.
     */
    public int claimedEnd(byte[] source, int at, int limit) {
        int longestHead = CompactFrame.HEAD_LENGTH + CompactFrame.REFERENCE_LENGTH;
        if (limit - at < longestHead) {
            return at + longestHead;
        }
        System.arraycopy(references, reference(source, at), previewed, 0, CompactFrame.REFERENCE_WORDS);
        int behindWords = replaceWords(source, at + CompactFrame.HEAD_LENGTH, (int) HALF.get(source, at), previewed, 0);
        int rest = CompactFrame.words(previewed[0]) - CompactFrame.REFERENCE_WORDS;
        return behindWords + Math.max(0, rest) * Long.BYTES;
    }

    /** Offset of the reference of a compact frame. */
    private static int reference(byte[] source, int at) {
        return (source[at + CompactFrame.TYPE_OFFSET] & 0xFF) * CompactFrame.REFERENCE_WORDS;
    }

    /** Brings eight words up to date, and makes the frame of them. */
    private int expand(
            byte[] source, int at, int limit, byte[] into, int to, int toLimit, long[] words, int reference) {
        int head = (int) HALF.get(source, at);
        int left = limit - at - CompactFrame.HEAD_LENGTH - CompactFrame.storedLength(head);
        if (left < 0) {
            return NO_FRAME;
        }
        int from = replaceWords(source, at + CompactFrame.HEAD_LENGTH, head, words, reference);
        int length = soundLength(head, words[reference], left, toLimit - to);
        if (length < 0) {
            return NO_FRAME;
        }
        for (int i = 0; i < CompactFrame.REFERENCE_WORDS; i++) {
            WORD.set(into, to + i * Long.BYTES, words[reference + i]);
        }
        behind = copyRest(source, from, into, to, length);
        return length;
    }

    /** Replaces what differs in a reference, and returns the offset behind it. */
    private static int replaceWords(byte[] source, int first, int head, long[] into, int reference) {
        int from = first;
        int wide = head >>> CompactFrame.WIDE_SHIFT;
        for (int left = head >>> CompactFrame.WORDS_SHIFT & 0xFF; left != 0; left &= left - 1) {
            int index = Integer.numberOfTrailingZeros(left);
            if ((wide >>> index & 1) != 0) {
                into[reference + index] = (long) WORD.get(source, from);
                from += Long.BYTES;
            } else {
                long upper = into[reference + index] >>> Integer.SIZE << Integer.SIZE;
                into[reference + index] = upper | (int) HALF.get(source, from) & 0xFFFF_FFFFL;
                from += Integer.BYTES;
            }
        }
        return from;
    }

    /** Copies what a reference has no words for, and returns the offset behind it. */
    private static int copyRest(byte[] source, int from, byte[] into, int to, int length) {
        int rest = length - CompactFrame.REFERENCE_LENGTH;
        if (rest <= 0) {
            return from;
        }
        System.arraycopy(source, from, into, to + CompactFrame.REFERENCE_LENGTH, rest);
        return from + rest;
    }

    /**
     * The frame of the last preview is sound: the next one of its type refers to it.
     *
     * @param into where it is
     * @param at its offset there
     * @param length of it in bytes
     */
    public void accept(byte[] into, int at, int length) {
        int reference = CompactFrame.type((long) WORD.get(into, at)) * CompactFrame.REFERENCE_WORDS;
        int compared = Math.min(length / Long.BYTES, CompactFrame.REFERENCE_WORDS);
        for (int i = 0; i < compared; i++) {
            references[reference + i] = (long) WORD.get(into, at + i * Long.BYTES);
        }
    }

    /**
     * The {@linkplain CompactFrame check} of a compact frame.
     *
     * @param head its first four bytes
     * @param frame holds what it was expanded to
     * @param at offset of that
     * @param length of that in bytes
     * @param seal what the check starts from
     */
    public static long check(int head, byte[] frame, int at, int length, long seal) {
        long check = seal;
        for (int left = head >>> CompactFrame.WORDS_SHIFT & 0xFF; left != 0; left &= left - 1) {
            check = CompactFrame.mix(
                    check, (long) WORD.get(frame, at + Integer.numberOfTrailingZeros(left) * Long.BYTES));
        }
        for (int i = CompactFrame.REFERENCE_LENGTH; i < length; i += Long.BYTES) {
            check = CompactFrame.mix(check, (long) WORD.get(frame, at + i));
        }
        return CompactFrame.mix(check, head);
    }

    /** Offset behind the compact frame that was expanded last. */
    public int behind() {
        return behind;
    }

    /** The length that a first word claims, or {@link #NO_FRAME} if it does not fit what else is known. */
    private static int soundLength(int head, long header, int left, int room) {
        int words = head >>> CompactFrame.WORDS_SHIFT & 0xFF;
        int wide = head >>> CompactFrame.WIDE_SHIFT;
        int frameWords = CompactFrame.words(header);
        int compared = Math.min(frameWords, CompactFrame.REFERENCE_WORDS);
        int length = frameWords * Long.BYTES;
        boolean sound = length >= FrameDescriptor.MIN_FRAME_LENGTH
                && length <= room
                && length - compared * Long.BYTES <= left
                && words >>> compared == 0
                && (wide & ~words) == 0
                && CompactFrame.type(header) == (head & (CompactFrame.REFERENCES - 1));
        return sound ? length : NO_FRAME;
    }
}
