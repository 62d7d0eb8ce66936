package org.iorewind.analyze.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds one message of Protocol Buffers' wire format at a time, with messages inside it. The buffer is used again for the
 * next one. One thread.
 *
 * <pre>
 *     field    (number &lt;&lt; 3 | wire type) as varint: 0 varint, 1 eight bytes, 2 length and bytes
 *     varint   7 bits a byte, low first
 * </pre>
 *
 * <p>The length of an inner message is not known before it ends: four bytes are kept for it, which a varint may fill with
 * continuation bits.
 */
final class ProtobufWriter {
    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int BYTES = 2;
    private static final int LENGTH_BYTES = 4;
    private static final int MOST_DEPTH = 8;

    private byte[] buffer = new byte[1 << 12];
    private final int[] starts = new int[MOST_DEPTH];
    private int depth;
    private int size;

    /** An empty message. */
    ProtobufWriter clear() {
        size = 0;
        depth = 0;
        return this;
    }

    private void reserve(int bytes) {
        if (buffer.length - size < bytes) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, size + bytes));
        }
    }

    private void varint(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            buffer[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        buffer[size++] = (byte) rest;
    }

    /** A number: {@code uint64}, {@code int64}, {@code bool} or an enumeration. */
    ProtobufWriter number(int field, long value) {
        varint((long) field << 3 | VARINT);
        varint(value);
        return this;
    }

    /** A {@code fixed64}. */
    ProtobufWriter fixed64(int field, long value) {
        varint((long) field << 3 | FIXED64);
        reserve(Long.BYTES);
        for (int i = 0; i < Long.BYTES; i++) {
            buffer[size++] = (byte) (value >>> 8 * i);
        }
        return this;
    }

    /** A {@code string}. */
    ProtobufWriter text(int field, String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        varint((long) field << 3 | BYTES);
        varint(utf8.length);
        reserve(utf8.length);
        System.arraycopy(utf8, 0, buffer, size, utf8.length);
        size += utf8.length;
        return this;
    }

    /** A message inside this one begins. */
    ProtobufWriter begin(int field) {
        varint((long) field << 3 | BYTES);
        reserve(LENGTH_BYTES);
        size += LENGTH_BYTES;
        starts[depth++] = size;
        return this;
    }

    /** The innermost message ends. */
    ProtobufWriter end() {
        int start = starts[--depth];
        int length = size - start;
        for (int i = 0; i < LENGTH_BYTES; i++) {
            int more = i < LENGTH_BYTES - 1 ? 0x80 : 0;
            buffer[start - LENGTH_BYTES + i] = (byte) (length >>> 7 * i & 0x7F | more);
        }
        return this;
    }

    /** Appends the message to a stream. */
    void writeTo(OutputStream out) throws IOException {
        out.write(buffer, 0, size);
    }
}
