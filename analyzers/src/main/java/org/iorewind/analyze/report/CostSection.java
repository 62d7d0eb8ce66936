package org.iorewind.analyze.report;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.cost.CostCounter;
import org.iorewind.analyze.cost.CostRow;
import org.iorewind.analyze.cost.CostTable;
import org.iorewind.analyze.cost.UnitCosts;
import org.iorewind.analyze.cost.UnitCostsReader;
import org.iorewind.analyze.document.Block;
import org.iorewind.analyze.document.Section;
import org.iorewind.analyze.document.Tone;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.model.platform.CallNames;

/** What operations cost, by the unit costs that come with the program: shares by operation, and by what is paid for. */
final class CostSection {
    private static final int ROOM = 60_000;

    /** Rows of a table. */
    private static final int NAMED = 60;

    private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);

    private record Share(String name, long count, BigDecimal ns, String filter) {}

    private final DumpCommand dump;
    private final List<Block> blocks = new ArrayList<>();

    private CostSection(Analysis analysis) {
        dump = new DumpCommand(analysis);
    }

    static Section of(Analysis analysis) {
        CostSection its = new CostSection(analysis);
        its.write(analysis.costs());
        return new Section(
                "costs",
                "Costs",
                "Costs of operations",
                Tone.PLAIN,
                ROOM,
                its.blocks,
                List.of("iorewind compare " + ShellWord.quote(analysis.tracePath())));
    }

    private void write(CostTable table) {
        UnitCosts costs = UnitCostsReader.builtIn();
        List<Share> operations = new ArrayList<>();
        CostRow all = new CostRow();
        for (String name : CostTable.order(List.of(table))) {
            CostRow row = table.operations().getOrDefault(name, new CostRow());
            operations.add(new Share(name, row.operations(), row.cost(costs), filter(name)));
            all.add(row);
        }
        BigDecimal sum = all.cost(costs);
        if (sum.signum() == 0) {
            blocks.add(Block.Paragraph.of("Nothing that costs time was counted."));
            return;
        }
        blocks.add(Block.Paragraph.of(
                "An operation is the outermost call of a driver, or a request of a device. What was done for it"
                        + " is counted, and weighed by unit costs, most of which are estimates: compare --json has each with its source,"
                        + " compare --costs FILE replaces them."));
        List<Share> parts = new ArrayList<>();
        for (CostCounter counter : CostCounter.values()) {
            BigDecimal ns = costs.of(counter).ns().multiply(BigDecimal.valueOf(all.count(counter)));
            if (all.count(counter) > 0) {
                parts.add(new Share(counter.words(), all.count(counter), ns, "counts." + counter.key() + " > 0"));
            }
        }
        shares(operations, sum, "cost-operations", "Shares of the cost by operation", "Operation");
        shares(parts, sum, "cost-parts", "Shares of the cost by what is paid for", "Paid for");
    }

    private void shares(List<Share> shares, BigDecimal sum, String picture, String title, String column) {
        List<Share> sorted = new ArrayList<>(shares);
        sorted.sort(Comparator.comparing(Share::ns).reversed());
        Rows rows = new Rows(title, column, "#Count", "#Cost", "#Share", "Events");
        BarChart chart = new BarChart();
        for (Share share : sorted.subList(0, Math.min(NAMED, sorted.size()))) {
            String percent = percent(share.ns(), sum);
            rows.row(share.name()).count(share.count());
            rows.number(Notation.duration(rounded(share.ns()))).number(percent);
            rows.command(dump.of(share.filter()));
            chart.bar(share.name(), rounded(share.ns()), percent);
        }
        chart.addTo(blocks, picture, title);
        blocks.add(rows.table());
        if (sorted.size() > NAMED) {
            blocks.add(Block.Paragraph.of("and " + Notation.count(sorted.size() - NAMED) + " more in compare --json"));
        }
    }

    private static long rounded(BigDecimal ns) {
        return ns.setScale(0, RoundingMode.HALF_UP)
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .longValue();
    }

    private static String percent(BigDecimal part, BigDecimal whole) {
        long tenths =
                part.multiply(THOUSAND).divide(whole, 0, RoundingMode.HALF_UP).longValue();
        return tenths / 10 + "." + tenths % 10 + " %";
    }

    /** The events that an operation begins with; of what is in none, all. */
    private static String filter(String operation) {
        switch (operation) {
            case CostTable.MISS, CostTable.HIT -> {
                return "kind == 'Translation' && cache == '" + operation.toUpperCase(Locale.ROOT) + "'";
            }
            case CallNames.FAULT -> {
                return "kind == 'Translation' && outcome == 'FAULT'";
            }
            case CallNames.PAGE_REQUEST -> {
                return "kind == 'PageRequest'";
            }
            case CostTable.OTHER -> {
                return "counts.operation == '" + CostTable.OTHER + "'";
            }
            default -> {
                boolean isHosts = operation.startsWith(CostTable.HOST_PREFIX);
                String call = isHosts ? operation.substring(CostTable.HOST_PREFIX.length()) : operation;
                String whose = isHosts ? " && guest < 0" : "";
                return "kind == 'DriverCall' && call == '"
                        + call.replace("\\", "").replace("'", "") + "'" + whose;
            }
        }
    }
}
