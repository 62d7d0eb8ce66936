package org.iorewind.analyze.export;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Writes structures in Thrift's compact protocol, as far as Parquet's metadata need it (Apache Thrift, "Thrift compact
 * protocol encoding"). Fields of a structure come in ascending order. One thread.
 *
 * <pre>
 *     field   (id - previous id) &lt;&lt; 4 | type      1 byte, differences 1 to 15
 *     number  zigzag, then 7 bits a byte, low first
 *     list    size &lt;&lt; 4 | type of elements         sizes of 15 and more: 0xF and a number
 *     end     0
 * </pre>
 */
final class ThriftWriter {
    static final int TRUE = 1;
    static final int BYTE = 3;
    static final int I32 = 5;
    static final int I64 = 6;
    static final int BINARY = 8;
    static final int LIST = 9;
    static final int STRUCT = 12;

    private static final int MOST_DEPTH = 16;
    private static final int LONG_LIST = 15;

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final int[] last = new int[MOST_DEPTH];
    private int depth;

    /** A structure within a list begins, or the outermost one. */
    ThriftWriter begin() {
        last[++depth] = 0;
        return this;
    }

    ThriftWriter end() {
        out.write(0);
        depth--;
        return this;
    }

    private void field(int id, int type) {
        out.write(id - last[depth] << 4 | type);
        last[depth] = id;
    }

    /** A structure as a field begins. */
    ThriftWriter struct(int id) {
        field(id, STRUCT);
        return begin();
    }

    ThriftWriter i32(int id, int value) {
        field(id, I32);
        zigzag(value);
        return this;
    }

    ThriftWriter i64(int id, long value) {
        field(id, I64);
        zigzag(value);
        return this;
    }

    ThriftWriter i8(int id, int value) {
        field(id, BYTE);
        out.write(value);
        return this;
    }

    ThriftWriter flag(int id, boolean value) {
        field(id, value ? TRUE : TRUE + 1);
        return this;
    }

    ThriftWriter text(int id, String value) {
        return bytes(id, value.getBytes(StandardCharsets.UTF_8));
    }

    ThriftWriter bytes(int id, byte[] value) {
        field(id, BINARY);
        varint(value.length);
        out.writeBytes(value);
        return this;
    }

    /** A list of so many elements begins. */
    ThriftWriter list(int id, int elementType, int size) {
        field(id, LIST);
        out.write(Math.min(size, LONG_LIST) << 4 | elementType);
        if (size >= LONG_LIST) {
            varint(size);
        }
        return this;
    }

    /** An element of a list of numbers. */
    ThriftWriter element(int value) {
        zigzag(value);
        return this;
    }

    /** An element of a list of texts. */
    ThriftWriter element(String value) {
        byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
        varint(utf8.length);
        out.writeBytes(utf8);
        return this;
    }

    private void zigzag(long value) {
        varint(value << 1 ^ value >> 63);
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    byte[] toBytes() {
        return out.toByteArray();
    }
}
