package org.iorewind.cli.view;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.function.Function;
import org.iorewind.analyze.cost.CostComparison;
import org.iorewind.analyze.cost.CostCounter;
import org.iorewind.analyze.cost.CostRow;
import org.iorewind.analyze.cost.CostTable;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.cli.Terminal;

/** Counts and costs of several traces, for people: a table for each operation and workload. */
public final class CompareView {
    private static final int LABEL_WIDTH = 32;
    private static final int SYMBOL_WIDTH = 5;
    private static final int LEAST_WIDTH = 12;
    private static final int NAME_LIMIT = 28;

    private final Terminal terminal;
    private final Lines lines;
    private final CostComparison comparison;
    private final List<String> names = new ArrayList<>();
    private final int width;

    private CompareView(CostComparison comparison, Terminal terminal) {
        this.terminal = terminal;
        this.lines = new Lines(terminal);
        this.comparison = comparison;
        int widest = LEAST_WIDTH;
        for (CostComparison.Column column : comparison.columns()) {
            String name = PlainText.clean(column.name());
            name = name.substring(name.lastIndexOf('/') + 1);
            name = name.length() > NAME_LIMIT ? name.substring(name.length() - NAME_LIMIT) : name;
            names.add(name);
            widest = Math.max(widest, name.length());
        }
        width = widest + 2;
    }

    /** Prints the comparison. */
    public static void print(CostComparison comparison, Terminal terminal) {
        new CompareView(comparison, terminal).print();
    }

    private void print() {
        List<CostTable> tables = comparison.tables();
        for (String operation : CostTable.order(tables)) {
            table(operation, rows(operation, CostTable::operations), true);
        }
        for (String workload : CostTable.workloads(tables)) {
            table("workload: " + workload, rows(workload, CostTable::workloads), false);
        }
        terminal.line("");
        for (CostComparison.Column column : comparison.columns()) {
            if (column.divergences() != 0) {
                lines.paragraph(
                        "",
                        PlainText.clean(column.name()) + ": the replay differs from the recording in "
                                + Notation.count(column.divergences(), "place")
                                + "; counts are those of the replay.");
            }
        }
        lines.paragraph(
                "",
                "Counts are measured. Costs weigh them by unit costs, most of which are estimates: --json shows each with its"
                        + " source, --costs FILE replaces them.");
    }

    private List<CostRow> rows(String name, Function<CostTable, SortedMap<String, CostRow>> rowsOf) {
        List<CostRow> rows = new ArrayList<>();
        for (CostTable table : comparison.tables()) {
            rows.add(rowsOf.apply(table).getOrDefault(name, new CostRow()));
        }
        return rows;
    }

    private void table(String name, List<CostRow> rows, boolean isEach) {
        terminal.line("");
        line(lines.style().strong(PlainText.clip(name, LABEL_WIDTH)), PlainText.clip(name, LABEL_WIDTH), names);
        line("  operations", rows, row -> Notation.count(row.operations()));
        boolean divides = isEach && rows.stream().anyMatch(row -> row.operations() > 0);
        if (divides) {
            terminal.line("  for each of them");
        }
        for (CostCounter counter : CostCounter.values()) {
            if (rows.stream().anyMatch(row -> row.count(counter) != 0)) {
                String symbol = counter.symbol()
                        + " ".repeat(SYMBOL_WIDTH - counter.symbol().length());
                line(
                        "  " + symbol + counter.words(),
                        rows,
                        row -> divides ? decimal(row.each(counter)) : Notation.count(row.count(counter)));
            }
        }
        line("  weighted cost, ns", rows, row -> {
            BigDecimal cost = row.cost(comparison.costs());
            return decimal(divides ? row.each(cost) : cost);
        });
    }

    private void line(String label, List<CostRow> rows, Function<CostRow, String> cell) {
        line(label, label, rows.stream().map(cell).toList());
    }

    private void line(String label, String plainLabel, List<String> cells) {
        StringBuilder line = new StringBuilder(label);
        line.append(" ".repeat(Math.max(1, LABEL_WIDTH + 2 - plainLabel.length())));
        for (String cell : cells) {
            line.append(" ".repeat(Math.max(1, width - cell.length()))).append(cell);
        }
        terminal.line(line.toString());
    }

    /** Without zeros at the end, and with a comma between groups of three digits. */
    private static String decimal(BigDecimal value) {
        String text = value.stripTrailingZeros().toPlainString();
        int point = text.indexOf('.');
        String whole = point < 0 ? text : text.substring(0, point);
        return Notation.count(Long.parseLong(whole)) + (point < 0 ? "" : text.substring(point));
    }
}
