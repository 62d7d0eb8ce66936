package org.iorewind.model.iommu.register;

import java.util.Arrays;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;

/**
 * The bits of the host's registers, without any behaviour. Offsets are multiples of 8 below
 * {@link RegisterDescriptor#WINDOW_BYTES}; other offsets are rounded down and wrapped. Not thread-safe; allocates nothing
 * after construction.
 */
public final class RegisterFile implements Stateful {
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

    /** Gives every register that is not zero, with its place. */
    @Override
    public void saveTo(StateSink sink) {
        for (int i = 0; i < words.length; i++) {
            if (words[i] != 0) {
                sink.addLong(i);
                sink.addLong(words[i]);
            }
        }
        sink.addLong(StateSink.END);
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        clearAll();
        for (int i = source.nextIndex(words.length); i >= 0; i = source.nextIndex(words.length)) {
            words[i] = source.next();
        }
    }

    private int index(int offset) {
        return offset >>> 3 & words.length - 1;
    }
}
