package org.iorewind.analyze.export;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 4180, sections 2.5 to 2.7, on quotes. */
class CsvWriterTest {
    private static final List<Column> COLUMNS =
            List.of(Column.number("n"), Column.unsigned("a"), Column.text("t"), new Column("b", Column.Type.BYTES));

    private static String table(String text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (CsvWriter csv = new CsvWriter(COLUMNS, out)) {
            csv.number(-5);
            csv.number(-1);
            csv.text(text);
            csv.bytes(new byte[] {1, (byte) 0xAB});
            csv.endRow();
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void numbersAddressesAndBytesAreWrittenAsPeopleReadThem() throws IOException {
        assertThat(table("plain")).isEqualTo("n,a,t,b\n-5,0xffffffffffffffff,plain,01ab\n");
    }

    @Test
    void commasAndQuotesAreQuoted() throws IOException {
        assertThat(table("a,\"b\"")).isEqualTo("n,a,t,b\n-5,0xffffffffffffffff,\"a,\"\"b\"\"\",01ab\n");
    }

    @Test
    void nothingBecomesAFormulaOrANewLine() throws IOException {
        assertThat(table("=HYPERLINK(1)")).contains(",'=HYPERLINK(1),");
        assertThat(table("@x")).contains(",'@x,");
        assertThat(table("a\nb\u001b")).contains(",a\\x0ab\\x1b,").hasLineCount(2);
    }

    @Test
    void missingValuesAreEmpty() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (CsvWriter csv = new CsvWriter(COLUMNS, out)) {
            for (int i = 0; i < COLUMNS.size(); i++) {
                csv.none();
            }
            csv.endRow();
        }
        assertThat(out.toString(StandardCharsets.UTF_8)).isEqualTo("n,a,t,b\n,,,\n");
    }

    @Test
    void aRowOfAnotherLengthIsAMistakeOfTheCaller() throws IOException {
        CsvWriter csv = new CsvWriter(COLUMNS, new ByteArrayOutputStream());
        csv.number(1);
        assertThatThrownBy(csv::endRow).isInstanceOf(IllegalStateException.class);
    }
}
