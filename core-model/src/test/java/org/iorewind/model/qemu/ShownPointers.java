package org.iorewind.model.qemu;

import java.util.Arrays;
import java.util.OptionalLong;
import java.util.function.IntToLongFunction;

/**
 * What QEMU shows of its pointers, where that is not what it works with. A written base takes both pointers of its ring to
 * 0, but the registers show what they held before, until they are written or, for the head, until a command is taken
 * (Q-REG-12). After the last command of a ring the head shows the end of the ring, although it is at its start (Q-REG-6).
 */
final class ShownPointers {
    /** The first pointer register. */
    static final int FIRST = 0x2000;
    /** Behind the last one. */
    static final int END = 0x2020;

    private static final int COUNT = (END - FIRST) / Long.BYTES;
    private static final int ENTRY_BYTES = 16;
    private static final int COMMAND_BASE = 0x08;
    private static final int EVENT_BASE = 0x10;

    private final long[] shown = new long[COUNT];
    private final boolean[] isStale = new boolean[COUNT];
    private boolean isAtEnd;

    /** All registers show what they hold. */
    void reset() {
        Arrays.fill(isStale, false);
        isAtEnd = false;
    }

    /** A register is about to be written; {@code held} gives what each pointer register of the model holds. */
    void beforeWrite(int offset, int sizeBytes, long value, IntToLongFunction held) {
        if (sizeBytes == 1) {
            return; // dropped (Q-REG-5)
        }
        int register = offset & -Long.BYTES;
        if (register == COMMAND_BASE) {
            isAtEnd = false;
            keep(0, held);
            keep(1, held);
        } else if (register == EVENT_BASE) {
            keep(2, held);
            keep(3, held);
        } else if (isPointer(offset) && isStale[indexOf(offset)]) {
            int shift = (offset & Long.BYTES - 1) * 8;
            long lanes = sizeBytes == Long.BYTES ? -1L : (1L << 8 * sizeBytes) - 1 << shift;
            int index = indexOf(offset);
            shown[index] = shown[index] & ~lanes | value << shift & lanes;
        }
    }

    /** The command at {@code head} was taken: the head shows itself, or the end of the ring. */
    void commandTaken(long head, long ringBytes) {
        isStale[0] = head + ENTRY_BYTES == ringBytes;
        isAtEnd = isStale[0];
        shown[0] = ringBytes;
    }

    /** The row of the deviation table that explains what a register shows. */
    String deviation(int offset) {
        return indexOf(offset) == 0 && isAtEnd ? "Q-REG-6" : "Q-REG-12";
    }

    private void keep(int index, IntToLongFunction held) {
        if (!isStale[index]) {
            shown[index] = held.applyAsLong(FIRST + index * Long.BYTES);
            isStale[index] = true;
        }
    }

    /** What a read gives, where that is not what the model predicts. */
    OptionalLong reading(int offset, int sizeBytes) {
        if (!isPointer(offset) || !isStale[indexOf(offset)]) {
            return OptionalLong.empty();
        }
        long word = shown[indexOf(offset)] >>> (offset & Long.BYTES - 1) * 8;
        return OptionalLong.of(sizeBytes == Long.BYTES ? word : word & (1L << 8 * sizeBytes) - 1);
    }

    private static boolean isPointer(int offset) {
        return offset >= FIRST && offset < END;
    }

    private static int indexOf(int offset) {
        return (offset - FIRST) / Long.BYTES;
    }
}
