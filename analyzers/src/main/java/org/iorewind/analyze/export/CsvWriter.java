package org.iorewind.analyze.export;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.iorewind.analyze.text.PlainText;

/**
 * Writes a table as CSV (RFC 4180, with {@code \n}): names first; addresses and bits as {@code 0x…}, bytes in hexadecimal,
 * missing values empty. Text of a trace is cleaned of what acts ({@link PlainText}), and where a spreadsheet would take it
 * for a formula it gets a {@code '} in front. One thread.
 */
public final class CsvWriter implements TableWriter {
    private static final String FORMULA = "=+-@";

    private final OutputStream out;
    private final List<Column> columns;
    private final StringBuilder line = new StringBuilder();
    private int column;

    /**
     * Begins a table.
     *
     * @param out takes UTF-8; is flushed, not closed
     */
    public CsvWriter(List<Column> columns, OutputStream out) throws IOException {
        this.columns = List.copyOf(columns);
        this.out = out;
        for (Column each : columns) {
            text(each.name());
        }
        endRow();
    }

    private void next() {
        if (column == columns.size()) {
            throw new IllegalStateException("a row has too many cells: columns=" + columns.size());
        }
        if (column++ > 0) {
            line.append(',');
        }
    }

    @Override
    public void number(long value) {
        boolean isUnsigned = columns.get(column).type() == Column.Type.UNSIGNED;
        next();
        if (isUnsigned) {
            line.append("0x").append(Long.toHexString(value));
        } else {
            line.append(value);
        }
    }

    @Override
    public void text(String value) {
        next();
        String clean = PlainText.clean(value);
        boolean isFormula = !clean.isEmpty() && FORMULA.indexOf(clean.charAt(0)) >= 0;
        String safe = isFormula ? "'" + clean : clean;
        if (safe.indexOf(',') >= 0 || safe.indexOf('"') >= 0) {
            line.append('"').append(safe.replace("\"", "\"\"")).append('"');
        } else {
            line.append(safe);
        }
    }

    @Override
    public void bytes(byte[] value) {
        next();
        line.append(HexFormat.of().formatHex(value));
    }

    @Override
    public void none() {
        next();
    }

    @Override
    public void endRow() throws IOException {
        if (column != columns.size()) {
            throw new IllegalStateException("a row is not whole: cells=" + column + " columns=" + columns.size());
        }
        out.write(line.append('\n').toString().getBytes(StandardCharsets.UTF_8));
        line.setLength(0);
        column = 0;
    }

    @Override
    public void close() throws IOException {
        out.flush();
    }
}
