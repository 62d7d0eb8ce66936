package org.iorewind.trace.archive;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Unsigned numbers of 1, 2, 4 or 8 bytes in an array, little-endian, at any offset. Bounds are checked. */
final class LittleEndian {
    static final VarHandle SHORT = MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle INT = MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    static final VarHandle LONG = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private LittleEndian() {}

    static long get(byte[] bytes, int at, int width) {
        return switch (width) {
            case 1 -> bytes[at] & 0xFFL;
            case 2 -> (short) SHORT.get(bytes, at) & 0xFFFFL;
            case 4 -> (int) INT.get(bytes, at) & 0xFFFF_FFFFL;
            default -> (long) LONG.get(bytes, at);
        };
    }

    static void put(byte[] bytes, int at, int width, long value) {
        switch (width) {
            case 1 -> bytes[at] = (byte) value;
            case 2 -> SHORT.set(bytes, at, (short) value);
            case 4 -> INT.set(bytes, at, (int) value);
            default -> LONG.set(bytes, at, value);
        }
    }
}
