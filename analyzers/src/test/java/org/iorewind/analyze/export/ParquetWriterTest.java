package org.iorewind.analyze.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.github.luben.zstd.Zstd;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.CompressionCodec;
import org.apache.parquet.format.ConvertedType;
import org.apache.parquet.format.Encoding;
import org.apache.parquet.format.FieldRepetitionType;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.PageHeader;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Type;
import org.apache.parquet.format.Util;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The format's own classes read the metadata; pages are read by what its description says of PLAIN and of levels. */
class ParquetWriterTest {
    private static final List<Column> COLUMNS =
            List.of(Column.number("n"), Column.unsigned("a"), Column.text("t"), new Column("b", Column.Type.BYTES));
    private static final int FOOTER = 8;

    private static byte[] file(int rows) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (ParquetWriter parquet = new ParquetWriter("things", COLUMNS, out)) {
            for (int i = 0; i < rows; i++) {
                parquet.number(i - 2);
                if (i % 3 == 0) {
                    parquet.none();
                } else {
                    parquet.number(-i);
                }
                parquet.text("row " + i);
                parquet.bytes(new byte[] {(byte) i});
                parquet.endRow();
            }
        }
        return out.toByteArray();
    }

    private static FileMetaData metadata(byte[] file) throws IOException {
        assertThat(new String(file, 0, 4, StandardCharsets.US_ASCII)).isEqualTo("PAR1");
        assertThat(new String(file, file.length - 4, 4, StandardCharsets.US_ASCII))
                .isEqualTo("PAR1");
        int length = ByteBuffer.wrap(file).order(ByteOrder.LITTLE_ENDIAN).getInt(file.length - FOOTER);
        int from = file.length - FOOTER - length;
        return Util.readFileMetaData(new ByteArrayInputStream(file, from, length));
    }

    @Test
    void theFooterDescribesTheColumns() throws IOException {
        FileMetaData metadata = metadata(file(10));
        assertThat(metadata.getNum_rows()).isEqualTo(10);
        assertThat(metadata.getCreated_by()).isEqualTo("iorewind");
        assertThat(metadata.getSchema()).hasSize(5);
        assertThat(metadata.getSchema().get(0).getName()).isEqualTo("things");
        assertThat(metadata.getSchema().get(0).getNum_children()).isEqualTo(4);
        assertThat(metadata.getSchema().subList(1, 5))
                .extracting(each -> each.getName())
                .containsExactly("n", "a", "t", "b");
        assertThat(metadata.getSchema().subList(1, 5))
                .allMatch(each -> each.getRepetition_type() == FieldRepetitionType.OPTIONAL);
        assertThat(metadata.getSchema().get(1).getConverted_type()).isEqualTo(ConvertedType.INT_64);
        assertThat(metadata.getSchema().get(2).getLogicalType().getINTEGER().isIsSigned())
                .isFalse();
        assertThat(metadata.getSchema().get(3).getLogicalType().isSetSTRING()).isTrue();
        assertThat(metadata.getSchema().get(4).getType()).isEqualTo(Type.BYTE_ARRAY);
        assertThat(metadata.getColumn_orders()).hasSize(4).allMatch(order -> order.isSetTYPE_ORDER());
    }

    @Test
    void valuesAndHolesComeBack() throws IOException {
        byte[] file = file(1_000);
        RowGroup group = metadata(file).getRow_groups().get(0);
        assertThat(group.getNum_rows()).isEqualTo(1_000);
        List<@Nullable Long> numbers = numbers(file, group.getColumns().get(0).getMeta_data());
        List<@Nullable Long> addresses = numbers(file, group.getColumns().get(1).getMeta_data());
        List<@Nullable String> texts = texts(file, group.getColumns().get(2).getMeta_data());
        for (int i = 0; i < 1_000; i++) {
            assertThat(numbers.get(i)).isEqualTo(i - 2);
            assertThat(addresses.get(i)).isEqualTo(i % 3 == 0 ? null : Long.valueOf(-i));
            assertThat(texts.get(i)).isEqualTo("row " + i);
        }
    }

    @Test
    void rangesAreThoseOfTheColumnsOrder() throws IOException {
        RowGroup group = metadata(file(7)).getRow_groups().get(0);
        ColumnMetaData signed = group.getColumns().get(0).getMeta_data();
        assertThat(number(signed.getStatistics().getMin_value())).isEqualTo(-2);
        assertThat(number(signed.getStatistics().getMax_value())).isEqualTo(4);
        assertThat(signed.getStatistics().getNull_count()).isZero();
        ColumnMetaData unsigned = group.getColumns().get(1).getMeta_data();
        assertThat(number(unsigned.getStatistics().getMin_value())).isEqualTo(-5);
        assertThat(number(unsigned.getStatistics().getMax_value())).isEqualTo(-1);
        assertThat(unsigned.getStatistics().getNull_count()).isEqualTo(3);
        assertThat(group.getColumns().get(2).getMeta_data().getStatistics().isSetMin_value())
                .isFalse();
    }

    @Test
    void longTablesHaveSeveralRowGroups() throws IOException {
        int rows = 2 * ParquetWriter.ROWS + 5;
        byte[] file = file(rows);
        FileMetaData metadata = metadata(file);
        assertThat(metadata.getRow_groups().stream()
                        .mapToLong(RowGroup::getNum_rows)
                        .sum())
                .isEqualTo(rows);
        assertThat(metadata.getRow_groups()).hasSizeGreaterThan(2);
        RowGroup last = metadata.getRow_groups().get(metadata.getRow_groups().size() - 1);
        List<@Nullable Long> numbers = numbers(file, last.getColumns().get(0).getMeta_data());
        assertThat(numbers.get(numbers.size() - 1)).isEqualTo(rows - 3);
    }

    @Test
    void anEmptyTableIsATable() throws IOException {
        FileMetaData metadata = metadata(file(0));
        assertThat(metadata.getNum_rows()).isZero();
        assertThat(metadata.getRow_groups()).isEmpty();
        assertThat(metadata.getSchema()).hasSize(5);
    }

    @Test
    void aRowOfAnotherLengthIsAMistakeOfTheCaller() throws IOException {
        ParquetWriter parquet = new ParquetWriter("t", COLUMNS, new ByteArrayOutputStream());
        parquet.number(1);
        assertThatThrownBy(parquet::endRow).isInstanceOf(IllegalStateException.class);
    }

    private static long number(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    /** Levels, then the values that are there. */
    private static ByteBuffer page(byte[] file, ColumnMetaData column, List<Boolean> present) throws IOException {
        assertThat(column.getCodec()).isEqualTo(CompressionCodec.ZSTD);
        int from = (int) column.getData_page_offset();
        ByteArrayInputStream in = new ByteArrayInputStream(file, from, file.length - from);
        PageHeader header = Util.readPageHeader(in);
        assertThat(header.getData_page_header().getEncoding()).isEqualTo(Encoding.PLAIN);
        byte[] packed = in.readNBytes(header.getCompressed_page_size());
        assertThat((long) file.length - from - in.available()).isEqualTo(column.getTotal_compressed_size());
        ByteBuffer page = ByteBuffer.wrap(Zstd.decompress(packed, header.getUncompressed_page_size()))
                .order(ByteOrder.LITTLE_ENDIAN);
        int end = page.getInt() + page.position();
        while (page.position() < end) {
            int run = varint(page);
            if ((run & 1) == 0) {
                boolean is = page.get() == 1;
                for (int i = 0; i < run >>> 1; i++) {
                    present.add(is);
                }
            } else {
                for (int i = 0; i < run >>> 1; i++) {
                    int bits = page.get();
                    for (int bit = 0; bit < 8; bit++) {
                        present.add((bits >>> bit & 1) == 1);
                    }
                }
            }
        }
        int count = header.getData_page_header().getNum_values();
        assertThat(present).hasSizeGreaterThanOrEqualTo(count);
        present.subList(count, present.size()).clear();
        return page;
    }

    private static int varint(ByteBuffer page) {
        int value = 0;
        int shift = 0;
        int next;
        do {
            next = page.get();
            value |= (next & 0x7F) << shift;
            shift += 7;
        } while ((next & 0x80) != 0);
        return value;
    }

    private static List<@Nullable Long> numbers(byte[] file, ColumnMetaData column) throws IOException {
        List<Boolean> present = new ArrayList<>();
        ByteBuffer page = page(file, column, present);
        List<@Nullable Long> values = new ArrayList<>();
        present.forEach(is -> values.add(is ? Long.valueOf(page.getLong()) : null));
        return values;
    }

    private static List<@Nullable String> texts(byte[] file, ColumnMetaData column) throws IOException {
        List<Boolean> present = new ArrayList<>();
        ByteBuffer page = page(file, column, present);
        List<@Nullable String> values = new ArrayList<>();
        for (boolean is : present) {
            if (is) {
                byte[] text = new byte[page.getInt()];
                page.get(text);
                values.add(new String(text, StandardCharsets.UTF_8));
            } else {
                values.add(null);
            }
        }
        return values;
    }
}
