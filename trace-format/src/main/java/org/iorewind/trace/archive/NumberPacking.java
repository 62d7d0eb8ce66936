package org.iorewind.trace.archive;

import java.util.Arrays;

/**
 * Numbers as bytes, in the layouts of {@link ColumnDescriptor}. Bit {@code i} of the packed layout is bit {@code i % 8}
 * of byte {@code i / 8}.
 */
final class NumberPacking {
    private static final long LOW_HALF = 0x0000_0000_FFFF_FFFFL;
    private static final long LOW_QUARTERS = 0x0000_FFFF_0000_FFFFL;
    private static final long LOW_BYTES = 0x00FF_00FF_00FF_00FFL;

    private NumberPacking() {}

    /** Length in bytes of {@code count} packed numbers. */
    static long length(int layout, int count, int bits) {
        if (layout == ColumnDescriptor.LAYOUT_BITS) {
            return (long) count * bits + 7 >>> 3;
        }
        return (long) count * ColumnDescriptor.bytes(bits);
    }

    /** Packs numbers of at most {@code bits} bits into {@code out} from {@code at} on. */
    static void pack(long[] numbers, int count, int bits, int layout, byte[] out, int at) {
        int bytes = ColumnDescriptor.bytes(bits);
        switch (layout) {
            case ColumnDescriptor.LAYOUT_PLANES -> {
                for (int plane = 0; plane < bytes; plane++) {
                    int start = at + plane * count;
                    for (int i = 0; i < count; i++) {
                        out[start + i] = (byte) (numbers[i] >>> plane * Byte.SIZE);
                    }
                }
            }
            case ColumnDescriptor.LAYOUT_BYTES -> {
                for (int i = 0; i < count; i++) {
                    for (int b = 0; b < bytes; b++) {
                        out[at + i * bytes + b] = (byte) (numbers[i] >>> b * Byte.SIZE);
                    }
                }
            }
            default -> packBits(numbers, count, bits, out, at);
        }
    }

    private static void packBits(long[] numbers, int count, int bits, byte[] out, int at) {
        int next = at;
        int filled = 0;
        int held = 0;
        for (int i = 0; i < count; i++) {
            for (int taken = 0; taken < bits; ) {
                int take = Math.min(Byte.SIZE - filled, bits - taken);
                held |= (int) (numbers[i] >>> taken & (1 << take) - 1) << filled;
                filled += take;
                taken += take;
                if (filled == Byte.SIZE) {
                    out[next++] = (byte) held;
                    filled = 0;
                    held = 0;
                }
            }
        }
        if (filled > 0) {
            out[next] = (byte) held;
        }
    }

    /**
     * Unpacks numbers.
     *
     * @param in must go on for 8 bytes behind the packed numbers, whatever they hold
     */
    static void unpack(byte[] in, int at, int count, int bits, int layout, long[] numbers) {
        int bytes = ColumnDescriptor.bytes(bits);
        if (bits == 0) {
            Arrays.fill(numbers, 0, count, 0);
        } else if (layout == ColumnDescriptor.LAYOUT_PLANES) {
            unpackPlanes(in, at, count, bytes, numbers);
        } else if (layout == ColumnDescriptor.LAYOUT_BYTES) {
            long mask = ColumnDescriptor.mask(bytes);
            for (int i = 0; i < count; i++) {
                numbers[i] = (long) LittleEndian.LONG.get(in, at + i * bytes) & mask;
            }
        } else {
            unpackBits(in, at, count, bits, numbers);
        }
    }

    private static void unpackPlanes(byte[] in, int at, int count, int bytes, long[] numbers) {
        int second = at + count;
        switch (bytes) {
            case 1 -> {
                for (int i = 0; i < count; i++) {
                    numbers[i] = in[at + i] & 0xFFL;
                }
            }
            case 2 -> {
                for (int i = 0; i < count; i++) {
                    numbers[i] = in[at + i] & 0xFFL | (in[second + i] & 0xFFL) << 8;
                }
            }
            case 3 -> {
                int third = second + count;
                for (int i = 0; i < count; i++) {
                    numbers[i] = in[at + i] & 0xFFL | (in[second + i] & 0xFFL) << 8 | (in[third + i] & 0xFFL) << 16;
                }
            }
            default -> {
                // Eight numbers at a time, then the rest.
                int eights = count & -Long.BYTES;
                for (int i = 0; i < eights; i += Long.BYTES) {
                    unpackEight(in, at + i, count, bytes, numbers, i);
                }
                for (int i = eights; i < count; i++) {
                    long number = 0;
                    for (int plane = 0; plane < bytes; plane++) {
                        number |= (in[at + plane * count + i] & 0xFFL) << plane * Byte.SIZE;
                    }
                    numbers[i] = number;
                }
            }
        }
    }

    /**
     * Turns eight numbers of up to eight planes around: a square of bytes, first its quarters, then the quarters of each, then
     * single bytes.
     */
    private static void unpackEight(byte[] in, int at, int count, int planes, long[] numbers, int to) {
        long p0 = (long) LittleEndian.LONG.get(in, at);
        long p1 = (long) LittleEndian.LONG.get(in, at + count);
        long p2 = (long) LittleEndian.LONG.get(in, at + 2 * count);
        long p3 = (long) LittleEndian.LONG.get(in, at + 3 * count);
        long p4 = planes > 4 ? (long) LittleEndian.LONG.get(in, at + 4 * count) : 0;
        long p5 = planes > 5 ? (long) LittleEndian.LONG.get(in, at + 5 * count) : 0;
        long p6 = planes > 6 ? (long) LittleEndian.LONG.get(in, at + 6 * count) : 0;
        long p7 = planes > 7 ? (long) LittleEndian.LONG.get(in, at + 7 * count) : 0;
        long a0 = p0 & LOW_HALF | p4 << 32;
        long a1 = p1 & LOW_HALF | p5 << 32;
        long a2 = p2 & LOW_HALF | p6 << 32;
        long a3 = p3 & LOW_HALF | p7 << 32;
        long a4 = p0 >>> 32 | p4 & ~LOW_HALF;
        long a5 = p1 >>> 32 | p5 & ~LOW_HALF;
        long a6 = p2 >>> 32 | p6 & ~LOW_HALF;
        long a7 = p3 >>> 32 | p7 & ~LOW_HALF;
        long b0 = a0 & LOW_QUARTERS | (a2 & LOW_QUARTERS) << 16;
        long b1 = a1 & LOW_QUARTERS | (a3 & LOW_QUARTERS) << 16;
        long b2 = a0 >>> 16 & LOW_QUARTERS | a2 & ~LOW_QUARTERS;
        long b3 = a1 >>> 16 & LOW_QUARTERS | a3 & ~LOW_QUARTERS;
        long b4 = a4 & LOW_QUARTERS | (a6 & LOW_QUARTERS) << 16;
        long b5 = a5 & LOW_QUARTERS | (a7 & LOW_QUARTERS) << 16;
        long b6 = a4 >>> 16 & LOW_QUARTERS | a6 & ~LOW_QUARTERS;
        long b7 = a5 >>> 16 & LOW_QUARTERS | a7 & ~LOW_QUARTERS;
        numbers[to] = b0 & LOW_BYTES | (b1 & LOW_BYTES) << 8;
        numbers[to + 1] = b0 >>> 8 & LOW_BYTES | b1 & ~LOW_BYTES;
        numbers[to + 2] = b2 & LOW_BYTES | (b3 & LOW_BYTES) << 8;
        numbers[to + 3] = b2 >>> 8 & LOW_BYTES | b3 & ~LOW_BYTES;
        numbers[to + 4] = b4 & LOW_BYTES | (b5 & LOW_BYTES) << 8;
        numbers[to + 5] = b4 >>> 8 & LOW_BYTES | b5 & ~LOW_BYTES;
        numbers[to + 6] = b6 & LOW_BYTES | (b7 & LOW_BYTES) << 8;
        numbers[to + 7] = b6 >>> 8 & LOW_BYTES | b7 & ~LOW_BYTES;
    }

    private static void unpackBits(byte[] in, int at, int count, int bits, long[] numbers) {
        long mask = bits == Long.SIZE ? -1L : (1L << bits) - 1;
        long bit = 0;
        for (int i = 0; i < count; i++, bit += bits) {
            int from = at + (int) (bit >>> 3);
            int shift = (int) bit & 7;
            long low = (long) LittleEndian.LONG.get(in, from) >>> shift;
            // More than 56 bits may lie in nine bytes.
            long high = shift + bits > Long.SIZE ? (in[from + Long.BYTES] & 0xFFL) << Long.SIZE - shift : 0;
            numbers[i] = (low | high) & mask;
        }
    }
}
