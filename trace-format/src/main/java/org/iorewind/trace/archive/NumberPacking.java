package org.iorewind.trace.archive;

import java.util.Arrays;

/**
 * Numbers as bytes, in the layouts of {@link ColumnDescriptor}. Bit {@code i} of the packed layout is bit {@code i % 8}
 * of byte {@code i / 8}.
 */
final class NumberPacking {
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
            default -> {
                int third = second + count;
                for (int i = 0; i < count; i++) {
                    numbers[i] = in[at + i] & 0xFFL | (in[second + i] & 0xFFL) << 8 | (in[third + i] & 0xFFL) << 16;
                }
                for (int plane = 3; plane < bytes; plane++) {
                    int start = at + plane * count;
                    int shift = plane * Byte.SIZE;
                    for (int i = 0; i < count; i++) {
                        numbers[i] |= (in[start + i] & 0xFFL) << shift;
                    }
                }
            }
        }
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
