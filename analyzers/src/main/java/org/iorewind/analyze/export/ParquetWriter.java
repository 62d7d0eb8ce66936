package org.iorewind.analyze.export;

import com.github.luben.zstd.Zstd;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Writes a table as Apache Parquet: flat columns, each value optional, encoding {@code PLAIN}, one page a column and row
 * group, Zstandard. Field numbers and codes are those of the format's {@code parquet.thrift}. One thread.
 *
 * <pre>
 *     "PAR1"
 *     row group = for each column: page header, page
 *     ...
 *     FileMetaData, its length (u32), "PAR1"
 * </pre>
 *
 * <p>A row group is written when it has {@link #ROWS} rows or {@link #BYTES} bytes, so memory is bounded.
 */
public final class ParquetWriter implements TableWriter {
    /** Rows of a row group at most. */
    static final int ROWS = 1 << 16;

    /** Bytes of a row group before compression; a single row may go beyond it. */
    static final int BYTES = 1 << 22;

    private static final byte[] MAGIC = "PAR1".getBytes(StandardCharsets.US_ASCII);
    private static final int LEVEL = 3;

    private static final int TYPE_INT64 = 2;
    private static final int TYPE_BYTE_ARRAY = 6;
    private static final int OPTIONAL = 1;
    private static final int CONVERTED_UTF8 = 0;
    private static final int CONVERTED_UINT_64 = 14;
    private static final int CONVERTED_INT_64 = 18;
    private static final int ENCODING_PLAIN = 0;
    private static final int ENCODING_RLE = 3;
    private static final int CODEC_ZSTD = 6;
    private static final int DATA_PAGE = 0;

    /** What the footer says of a column of a row group. */
    private record Written(
            int column,
            long offset,
            int uncompressed,
            int compressed,
            int values,
            int missing,
            boolean hasRange,
            byte[] smallest,
            byte[] largest) {}

    private record RowGroup(int rows, List<Written> columns) {}

    private final OutputStream out;
    private final String name;
    private final List<ColumnChunk> chunks = new ArrayList<>();
    private final List<RowGroup> groups = new ArrayList<>();
    private long position;
    private long rows;
    private int rowsInGroup;
    private int bytesInGroup;
    private int column;

    /**
     * Begins a table.
     *
     * @param name of the table
     * @param out takes the file; is flushed, not closed
     */
    public ParquetWriter(String name, List<Column> columns, OutputStream out) throws IOException {
        this.name = name;
        this.out = out;
        columns.forEach(each -> chunks.add(new ColumnChunk(each)));
        write(MAGIC);
    }

    private void write(byte[] bytes) throws IOException {
        out.write(bytes);
        position += bytes.length;
    }

    private ColumnChunk next() {
        if (column == chunks.size()) {
            throw new IllegalStateException("a row has too many cells: columns=" + chunks.size());
        }
        return chunks.get(column++);
    }

    @Override
    public void number(long value) {
        next().number(value);
        bytesInGroup += Long.BYTES;
    }

    @Override
    public void text(String value) {
        bytes(value.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void bytes(byte[] value) {
        next().bytes(value);
        bytesInGroup += Integer.BYTES + value.length;
    }

    @Override
    public void none() {
        next().none();
    }

    @Override
    public void endRow() throws IOException {
        if (column != chunks.size()) {
            throw new IllegalStateException("a row is not whole: cells=" + column + " columns=" + chunks.size());
        }
        column = 0;
        rows++;
        rowsInGroup++;
        if (rowsInGroup == ROWS || bytesInGroup >= BYTES) {
            flushGroup();
        }
    }

    private void flushGroup() throws IOException {
        List<Written> written = new ArrayList<>();
        for (int i = 0; i < chunks.size(); i++) {
            written.add(flush(i, chunks.get(i)));
        }
        groups.add(new RowGroup(rowsInGroup, written));
        rowsInGroup = 0;
        bytesInGroup = 0;
    }

    private Written flush(int index, ColumnChunk chunk) throws IOException {
        byte[] page = chunk.page();
        byte[] packed = Zstd.compress(page, LEVEL);
        byte[] header = new ThriftWriter()
                .begin()
                .i32(1, DATA_PAGE)
                .i32(2, page.length)
                .i32(3, packed.length)
                .struct(5)
                .i32(1, chunk.count())
                .i32(2, ENCODING_PLAIN)
                .i32(3, ENCODING_RLE)
                .i32(4, ENCODING_RLE)
                .end()
                .end()
                .toBytes();
        Written its = new Written(
                index,
                position,
                header.length + page.length,
                header.length + packed.length,
                chunk.count(),
                chunk.missing(),
                chunk.hasRange(),
                chunk.smallest(),
                chunk.largest());
        write(header);
        write(packed);
        chunk.clear();
        return its;
    }

    @Override
    public void close() throws IOException {
        if (rowsInGroup > 0) {
            flushGroup();
        }
        byte[] footer = footer();
        write(footer);
        write(ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putInt(footer.length)
                .array());
        write(MAGIC);
        out.flush();
    }

    private byte[] footer() {
        ThriftWriter thrift = new ThriftWriter().begin().i32(1, 1);
        thrift.list(2, ThriftWriter.STRUCT, chunks.size() + 1);
        thrift.begin().text(4, name).i32(5, chunks.size()).end();
        chunks.forEach(chunk -> schema(thrift, chunk.column()));
        thrift.i64(3, rows);
        thrift.list(4, ThriftWriter.STRUCT, groups.size());
        groups.forEach(group -> group(thrift, group));
        thrift.text(6, "iorewind");
        thrift.list(7, ThriftWriter.STRUCT, chunks.size());
        // The order of each column is that of its type, which the ranges need to mean anything.
        chunks.forEach(chunk -> thrift.begin().struct(1).end().end());
        return thrift.end().toBytes();
    }

    private static void schema(ThriftWriter thrift, Column column) {
        boolean isNumber = column.type() == Column.Type.NUMBER || column.type() == Column.Type.UNSIGNED;
        thrift.begin().i32(1, isNumber ? TYPE_INT64 : TYPE_BYTE_ARRAY).i32(3, OPTIONAL);
        thrift.text(4, column.name());
        switch (column.type()) {
            case TEXT ->
                thrift.i32(6, CONVERTED_UTF8).struct(10).struct(1).end().end();
            case NUMBER, UNSIGNED -> {
                boolean isSigned = column.type() == Column.Type.NUMBER;
                thrift.i32(6, isSigned ? CONVERTED_INT_64 : CONVERTED_UINT_64);
                thrift.struct(10)
                        .struct(10)
                        .i8(1, Long.SIZE)
                        .flag(2, isSigned)
                        .end()
                        .end();
            }
            case BYTES -> {}
        }
        thrift.end();
    }

    private void group(ThriftWriter thrift, RowGroup group) {
        thrift.begin().list(1, ThriftWriter.STRUCT, group.columns().size());
        long bytes = 0;
        for (Written its : group.columns()) {
            bytes += its.uncompressed();
            ColumnChunk chunk = chunks.get(its.column());
            thrift.begin().i64(2, its.offset()).struct(3);
            thrift.i32(1, chunk.isText() ? TYPE_BYTE_ARRAY : TYPE_INT64);
            thrift.list(2, ThriftWriter.I32, 2).element(ENCODING_PLAIN).element(ENCODING_RLE);
            thrift.list(3, ThriftWriter.BINARY, 1).element(chunk.column().name());
            thrift.i32(4, CODEC_ZSTD).i64(5, its.values());
            thrift.i64(6, its.uncompressed()).i64(7, its.compressed()).i64(9, its.offset());
            thrift.struct(12).i64(3, its.missing());
            if (its.hasRange()) {
                thrift.bytes(5, its.largest()).bytes(6, its.smallest());
            }
            thrift.end().end().end();
        }
        thrift.i64(2, bytes).i64(3, group.rows()).end();
    }
}
