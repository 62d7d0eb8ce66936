package org.iorewind.model.platform.vmm;

import java.util.TreeMap;

/**
 * What a guest wrote to the registers of a window, as its VMM remembers it: 64-bit registers, written whole or by halves. Not
 * thread-safe.
 */
final class RegisterImage {
    private static final long LOW_HALF = 0xFFFF_FFFFL;

    private final TreeMap<Integer, Long> values = new TreeMap<>();

    /** Nothing was written. */
    RegisterImage() {}

    /**
     * Takes a write over.
     *
     * @param offset in the window
     * @param sizeBytes 4 or 8
     * @return whether the register is to act: after a whole write, or that of its upper half (amd-viommu reference 7.3)
     *     but never outside of the window
     */
    boolean write(int offset, int sizeBytes, long value) {
        int register = register(offset);
        if (register < 0 || register >= VirtualIommu.WINDOW_BYTES) {
            return false;
        }
        boolean isUpper = (offset & Integer.BYTES) != 0;
        if (sizeBytes == Long.BYTES) {
            values.put(register, value);
            return true;
        }
        long old = get(register);
        values.put(register, isUpper ? old & LOW_HALF | value << Integer.SIZE : old & ~LOW_HALF | value & LOW_HALF);
        return isUpper;
    }

    /** Value of a register, by its offset, a multiple of 8; 0 if nothing was written. */
    long get(int register) {
        return values.getOrDefault(register, 0L);
    }

    /** What a read of this size at this offset gets of a register's value. */
    static long part(long value, int offset, int sizeBytes) {
        if (sizeBytes == Long.BYTES) {
            return value;
        }
        return (offset & Integer.BYTES) != 0 ? value >>> Integer.SIZE : value & LOW_HALF;
    }

    /** Offset of the register that holds this offset. */
    static int register(int offset) {
        return offset & -Long.BYTES;
    }
}
