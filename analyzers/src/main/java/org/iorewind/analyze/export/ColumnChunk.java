package org.iorewind.analyze.export;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.BitSet;

/** The values of one column in one row group, encoded {@code PLAIN} behind their definition levels. One thread. */
final class ColumnChunk {
    private static final int FIRST_BYTES = 1 << 12;
    private static final int GROUP = 8;

    private final Column column;
    private ByteBuffer values = ByteBuffer.allocate(FIRST_BYTES).order(ByteOrder.LITTLE_ENDIAN);
    private final BitSet present = new BitSet();
    private int count;
    private int missing;
    private long smallest;
    private long largest;

    ColumnChunk(Column column) {
        this.column = column;
    }

    Column column() {
        return column;
    }

    boolean isText() {
        return column.type() == Column.Type.TEXT || column.type() == Column.Type.BYTES;
    }

    void number(long value) {
        boolean isFirst = count == missing;
        boolean isSigned = column.type() == Column.Type.NUMBER;
        if (isFirst || less(value, smallest, isSigned)) {
            smallest = value;
        }
        if (isFirst || less(largest, value, isSigned)) {
            largest = value;
        }
        reserve(Long.BYTES).putLong(value);
        present.set(count++);
    }

    private static boolean less(long a, long b, boolean isSigned) {
        return isSigned ? a < b : Long.compareUnsigned(a, b) < 0;
    }

    void bytes(byte[] value) {
        reserve(Integer.BYTES + value.length).putInt(value.length).put(value);
        present.set(count++);
    }

    void none() {
        missing++;
        count++;
    }

    private ByteBuffer reserve(int bytes) {
        if (values.remaining() < bytes) {
            int size = Math.max(values.capacity() * 2, values.position() + bytes);
            values = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN).put(values.flip());
        }
        return values;
    }

    int count() {
        return count;
    }

    int missing() {
        return missing;
    }

    /** Whether there is a smallest and a largest number. */
    boolean hasRange() {
        return !isText() && count > missing;
    }

    byte[] smallest() {
        return plain(smallest);
    }

    byte[] largest() {
        return plain(largest);
    }

    private static byte[] plain(long value) {
        return ByteBuffer.allocate(Long.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(value)
                .array();
    }

    int sizeBytes() {
        return values.position() + count / GROUP;
    }

    /**
     * The page: levels of one bit each in Parquet's hybrid of runs and packed bits, with their length before them, then the
     * values that are there.
     */
    byte[] page() {
        ByteArrayOutputStream levels = new ByteArrayOutputStream();
        if (missing == 0) {
            varint(levels, (long) count << 1);
            levels.write(1);
        } else {
            int groups = (count + GROUP - 1) / GROUP;
            varint(levels, (long) groups << 1 | 1);
            byte[] bits = present.toByteArray();
            for (int i = 0; i < groups; i++) {
                levels.write(i < bits.length ? bits[i] : 0);
            }
        }
        ByteBuffer page = ByteBuffer.allocate(Integer.BYTES + levels.size() + values.position())
                .order(ByteOrder.LITTLE_ENDIAN);
        page.putInt(levels.size()).put(levels.toByteArray());
        page.put(values.array(), 0, values.position());
        return page.array();
    }

    private static void varint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) (rest & 0x7F | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    /** Empty again, for the next row group. */
    void clear() {
        values.clear();
        present.clear();
        count = 0;
        missing = 0;
    }
}
