package org.iorewind.analyze.report;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.document.Block.Cell;
import org.iorewind.analyze.document.Block.CellKind;
import org.iorewind.analyze.document.Block.Table;
import org.iorewind.analyze.document.Line;
import org.iorewind.analyze.document.Span;
import org.iorewind.analyze.text.Notation;

/** Collects the rows of a table. One thread. */
final class Rows {
    private final String caption;
    private final List<String> columns;
    private final List<List<Cell>> rows = new ArrayList<>();
    private List<Cell> row = List.of();

    /** Columns whose name starts with {@code #} hold numbers. */
    Rows(String caption, String... columns) {
        this.caption = caption;
        this.columns = List.of(columns);
    }

    /** Begins a row. */
    Rows row() {
        row = new ArrayList<>();
        rows.add(row);
        return this;
    }

    /** Begins a row with its name. */
    Rows row(String name) {
        return row().add(CellKind.HEAD, name);
    }

    Rows text(String text) {
        return add(CellKind.TEXT, text);
    }

    Rows code(String text) {
        row.add(new Cell(CellKind.TEXT, Line.empty().and(Span.Kind.CODE, text)));
        return this;
    }

    Rows number(String text) {
        return add(CellKind.NUMBER, text);
    }

    Rows count(long value) {
        return number(Notation.count(value));
    }

    Rows sequence(long sequence) {
        return number(Notation.sequence(sequence));
    }

    Rows command(String command) {
        return add(CellKind.COMMAND, command);
    }

    Rows add(CellKind kind, String text) {
        row.add(Cell.of(kind, text));
        return this;
    }

    /** A row of a name and a value. */
    Rows fact(String name, String value) {
        return row(name).text(value);
    }

    Table table() {
        return new Table(caption, columns, rows);
    }
}
