package org.iorewind.model.memory;

import java.nio.ByteOrder;
import java.util.Arrays;
import org.agrona.DirectBuffer;
import org.iorewind.model.StateHasher;

/**
 * One page of 4 KiB: 512 quadwords, and for each of them which of its eight bytes are known.
 *
 * <p>A page that a {@link MemorySnapshot} shows never changes and may be read from any thread. A page changes only while it
 * belongs to the memory that made it, which ends with that memory's next snapshot.
 */
public final class MemoryPage implements PageTree {
    /** Quadwords of a page. */
    public static final int QUADWORDS = 512;

    /** Value of {@link #knownBytes} for a quadword that can be read. */
    public static final int ALL_BYTES = 0xFF;

    static final int SHIFT = 12;
    static final int BYTES = 1 << SHIFT;

    private static final byte ALL_BYTES_KNOWN = -1;

    /** Who may write a page: each object is another one. */
    static final class Owner {}

    private final long number;
    private final Owner owner;
    private final long[] words;
    private final byte[] known;
    private long share;
    private boolean isBlank = true;
    private boolean isChanged = true;

    /** A page that holds nothing; in RAM, where all bytes are known, it holds zeros. */
    MemoryPage(long number, Owner owner, boolean isRam) {
        this.number = number;
        this.owner = owner;
        this.words = new long[QUADWORDS];
        this.known = new byte[QUADWORDS];
        if (isRam) {
            Arrays.fill(known, ALL_BYTES_KNOWN);
        }
    }

    /** A copy for another owner, who is about to change it. */
    MemoryPage(MemoryPage source, Owner owner) {
        this.number = source.number;
        this.owner = owner;
        this.words = source.words.clone();
        this.known = source.known.clone();
        this.share = source.share;
        this.isBlank = source.isBlank;
    }

    /** Address of the page divided by 4096. */
    @Override
    public long number() {
        return number;
    }

    /**
     * A quadword; its unknown bytes are zero.
     *
     * @param index 0 to 511
     */
    public long word(int index) {
        return words[index];
    }

    /**
     * Which bytes of a quadword are known: bit n stands for the byte at offset n.
     *
     * @param index 0 to 511
     */
    public int knownBytes(int index) {
        return known[index] & ALL_BYTES;
    }

    /** Index of the quadword that holds an address, within its page. */
    static int indexOf(long address) {
        return (int) (address & BYTES - 1) >>> 3;
    }

    boolean isReadable(int index) {
        return known[index] == ALL_BYTES_KNOWN;
    }

    boolean belongsTo(Owner candidate) {
        return owner == candidate;
    }

    boolean isChanged() {
        return isChanged;
    }

    void markChanged() {
        isChanged = true;
    }

    /** Whether the page reads as if it did not exist. Valid while not changed. */
    boolean isBlank() {
        return isBlank;
    }

    /** What the page adds to the sum over all pages; see {@link PageSet}. */
    long share() {
        return share;
    }

    boolean hasSameContents(MemoryPage other) {
        return Arrays.equals(words, other.words) && Arrays.equals(known, other.known);
    }

    void setWord(int index, long value) {
        words[index] = value;
        known[index] = ALL_BYTES_KNOWN;
    }

    void setByte(int offset, byte value) {
        int index = offset >>> 3;
        int shift = (offset & 7) * 8;
        words[index] = words[index] & ~(0xFFL << shift) | (value & 0xFFL) << shift;
        known[index] |= (byte) (1 << (offset & 7));
    }

    /** Sets all eight bytes of a quadword: those that are not known become zero, which in RAM is what they are. */
    void setWord(int index, long value, byte knownBytes, boolean isRam) {
        words[index] = value & bytesOf(knownBytes);
        known[index] = isRam ? ALL_BYTES_KNOWN : knownBytes;
    }

    /** Copies bytes that do not reach beyond the page. */
    void write(int offset, DirectBuffer source, int sourceIndex, int length) {
        int done = 0;
        while (done < length) {
            int at = offset + done;
            if ((at & 7) == 0 && length - done >= Long.BYTES) {
                setWord(at >>> 3, source.getLong(sourceIndex + done, ByteOrder.LITTLE_ENDIAN));
                done += Long.BYTES;
            } else {
                setByte(at, source.getByte(sourceIndex + done));
                done++;
            }
        }
    }

    /** Computes what depends on the contents. */
    void settle(StateHasher hasher, boolean isRam) {
        isBlank = true;
        hasher.reset();
        hasher.addLong(number);
        for (int i = 0; i < QUADWORDS; i++) {
            if (isRam ? words[i] != 0 : known[i] != 0) {
                isBlank = false;
                hasher.addLong(i | (known[i] & (long) ALL_BYTES) << 32);
                hasher.addLong(words[i]);
            }
        }
        share = isBlank ? 0 : hasher.value();
        isChanged = false;
    }

    private static long bytesOf(int knownBytes) {
        long mask = 0;
        for (int i = 0; i < Long.BYTES; i++) {
            mask |= (knownBytes >>> i & 1) * 0xFFL << 8 * i;
        }
        return mask;
    }
}
