package org.iorewind.model.iommu.register;

import java.util.Arrays;
import org.iorewind.model.StateHasher;

/**
 * The bits of the host's registers, without any behaviour. Offsets are multiples of 8 below
 * {@link RegisterDescriptor#WINDOW_BYTES}; other offsets are rounded down and wrapped. Not thread-safe; allocates nothing
 * after construction.
 */
public final class RegisterFile {
    private final long[] words = new long[RegisterDescriptor.WINDOW_BYTES / Long.BYTES];

    /** A file of zeros. */
    public RegisterFile() {}

    /** The 64-bit register at this offset. */
    public long get(int offset) {
        return words[index(offset)];
    }

    /** Replaces a register. */
    public void set(int offset, long value) {
        words[index(offset)] = value;
    }

    /** Whether all of these bits are set. */
    public boolean isSet(int offset, long bits) {
        return (get(offset) & bits) == bits;
    }

    /** Sets bits. */
    public void raise(int offset, long bits) {
        words[index(offset)] |= bits;
    }

    /** Clears bits. */
    public void clear(int offset, long bits) {
        words[index(offset)] &= ~bits;
    }

    /** Clears everything. */
    public void clearAll() {
        Arrays.fill(words, 0);
    }

    /** Adds every register that is not zero, with its place. */
    public void hashInto(StateHasher hasher) {
        for (int i = 0; i < words.length; i++) {
            if (words[i] != 0) {
                hasher.addLong(i);
                hasher.addLong(words[i]);
            }
        }
    }

    private int index(int offset) {
        return offset >>> 3 & words.length - 1;
    }
}
