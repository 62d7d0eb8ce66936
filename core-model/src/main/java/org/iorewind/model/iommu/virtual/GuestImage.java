package org.iorewind.model.iommu.virtual;

import java.util.Arrays;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.StatusDescriptor;

/**
 * The registers of one guest: its VF page and its VF-control slot, without any behaviour. Not thread-safe; allocates nothing
 * after construction.
 */
final class GuestImage implements Stateful {
    private static final int PAGE_WORDS = GuestPageDescriptor.END / Long.BYTES;
    private static final int CONTROL_WORDS = GuestControlDescriptor.BYTES / Long.BYTES;
    private static final int WORDS = PAGE_WORDS + CONTROL_WORDS;

    private final int guest;
    private final long[] words = new long[WORDS];
    private boolean isDirty;

    GuestImage(int guest) {
        this.guest = guest;
    }

    /** GuestID. */
    int guest() {
        return guest;
    }

    /** A register of the VF page, by its offset, a multiple of 8 below {@link GuestPageDescriptor#END}. */
    long page(int offset) {
        return words[offset >>> 3];
    }

    void setPage(int offset, long value) {
        words[offset >>> 3] = value;
    }

    /** A register of the VF-control slot, by its offset, a multiple of 8 below {@link GuestControlDescriptor#BYTES}. */
    long control(int offset) {
        return words[PAGE_WORDS + (offset >>> 3)];
    }

    void setControl(int offset, long value) {
        words[PAGE_WORDS + (offset >>> 3)] = value;
    }

    /** Whether all of these status bits are set. */
    boolean isSet(long statusBits) {
        return (page(GuestPageDescriptor.STATUS) & statusBits) == statusBits;
    }

    void raise(long statusBits) {
        words[GuestPageDescriptor.STATUS >>> 3] |= statusBits;
    }

    void clear(long statusBits) {
        words[GuestPageDescriptor.STATUS >>> 3] &= ~statusBits;
    }

    /** Whether the dirty status of the ring in memory is 1. */
    boolean isDirty() {
        return isDirty;
    }

    void setDirty(boolean value) {
        isDirty = value;
    }

    /** Byte offset of the next command, in the ring as long as it is now. */
    int head() {
        return (int) page(GuestPageDescriptor.HEAD) & sizeMask();
    }

    /** Byte offset behind the last command. */
    int tail() {
        return (int) page(GuestPageDescriptor.TAIL) & sizeMask();
    }

    /** Takes the head to the next place. */
    void advance() {
        setPage(GuestPageDescriptor.HEAD, head() + RegisterDescriptor.RING_ENTRY_BYTES & sizeMask());
    }

    private int sizeMask() {
        int length = GuestControlDescriptor.length(control(GuestControlDescriptor.COMMAND));
        return RegisterDescriptor.RING_ENTRY_BYTES * (1 << length) - 1;
    }

    /** Whether the ring runs and has a command. */
    boolean hasWork() {
        return isSet(StatusDescriptor.CMD_BUF_RUN) && head() != tail();
    }

    /** Clears the VF page, and of the slot everything but the map-control registers. */
    void clearAll() {
        Arrays.fill(words, 0, PAGE_WORDS, 0);
        int first = PAGE_WORDS + (GuestControlDescriptor.MISCELLANEOUS >>> 3);
        Arrays.fill(words, first, WORDS, 0);
    }

    /** Whether nothing tells the image from one that was never touched. */
    boolean isIdle() {
        for (long word : words) {
            if (word != 0) {
                return false;
            }
        }
        return !isDirty;
    }

    @Override
    public void saveTo(StateSink sink) {
        sink.addLong(isDirty ? 1 : 0);
        for (int i = 0; i < WORDS; i++) {
            if (words[i] != 0) {
                sink.addLong(i);
                sink.addLong(words[i]);
            }
        }
        sink.addLong(StateSink.END);
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        isDirty = source.nextBelow(2) != 0;
        for (int i = source.nextIndex(WORDS); i >= 0; i = source.nextIndex(WORDS)) {
            words[i] = source.next();
        }
    }
}
