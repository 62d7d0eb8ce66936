package org.iorewind.analyze.export;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.FaultExplanation;
import org.iorewind.analyze.RecordedGap;
import org.iorewind.analyze.cost.CostCounter;
import org.iorewind.analyze.cost.CostRow;
import org.iorewind.analyze.cost.UnitCosts;
import org.iorewind.analyze.cost.UnitCostsReader;
import org.iorewind.analyze.performance.Distribution;
import org.iorewind.analyze.performance.Performance;
import org.iorewind.analyze.rule.Evidence;
import org.iorewind.analyze.rule.Finding;
import org.iorewind.analyze.rule.Where;
import org.iorewind.replay.Divergence;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

/** What an analysis found, as tables. Stateless. */
public final class AnalysisTables {
    private interface Filler {
        void fill(Analysis analysis, Rows rows) throws IOException;
    }

    private record Spec(List<Column> columns, Filler filler) {}

    private static final Map<String, Spec> SPECS = specs();

    private AnalysisTables() {}

    /** Names of the tables. */
    public static List<String> names() {
        return List.copyOf(SPECS.keySet());
    }

    /**
     * Writes one.
     *
     * @throws IllegalArgumentException if there is none of that name
     */
    public static void write(Analysis analysis, String name, TableTarget target) throws IOException {
        Spec spec = SPECS.get(name);
        if (spec == null) {
            throw new IllegalArgumentException("no such table: name=" + name);
        }
        try (TableWriter writer = target.open(name, spec.columns())) {
            spec.filler().fill(analysis, new Rows(writer));
        }
    }

    /** Takes the cells of a row at once. */
    private record Rows(TableWriter writer) {
        /** Numbers, texts, and null for what is missing. */
        void row(@Nullable Object... cells) throws IOException {
            for (@Nullable Object cell : cells) {
                if (cell == null) {
                    writer.none();
                } else if (cell instanceof Number number) {
                    writer.number(number.longValue());
                } else {
                    writer.text(cell.toString());
                }
            }
            writer.endRow();
        }
    }

    private static Map<String, Spec> specs() {
        Map<String, Spec> all = new LinkedHashMap<>();
        all.put(
                "findings",
                new Spec(
                        columns("rule severity firstSequence# lastSequence# count# timeNs# iommu# device domain#"
                                + " firstAddress* lastAddress* access conclusion summary remedy"),
                        AnalysisTables::findings));
        all.put("evidence", new Spec(columns("finding# rule sequence# timeNs# what"), AnalysisTables::evidence));
        all.put("operations", new Spec(columns("name count# bytes# filter"), (analysis, rows) -> {
            for (Performance.Operation each : analysis.performance().operations()) {
                rows.row(each.name(), each.count(), unless(-1, each.bytes()), each.filter());
            }
        }));
        all.put("commands", new Spec(columns("name count# filter"), (analysis, rows) -> {
            for (Performance.Command each : analysis.performance().commands()) {
                rows.row(each.name(), each.count(), each.filter());
            }
        }));
        all.put(
                "distributions",
                new Spec(columns("name count# median# p90# p99# largest# largestAt#"), AnalysisTables::distributions));
        all.put("buckets", new Spec(columns("name from# to# count#"), AnalysisTables::buckets));
        all.put("costs", new Spec(columns("operation operations# counter count# costNs#"), AnalysisTables::costs));
        all.put(
                "caches",
                new Spec(
                        columns("name hits# misses# hitEvents# missEvents# hitFilter missFilter"), (analysis, rows) -> {
                            for (Performance.Cache each : analysis.performance().caches()) {
                                rows.row(
                                        each.name(),
                                        each.hits(),
                                        each.misses(),
                                        each.hitEvents(),
                                        each.missEvents(),
                                        each.hitFilter(),
                                        each.missFilter());
                            }
                        }));
        all.put("reuse", new Spec(columns("entries# hits#"), (analysis, rows) -> {
            for (Performance.Capacity each : analysis.performance().reuse().hitsAt()) {
                rows.row(each.entries(), each.hits());
            }
        }));
        all.put(
                "walk_reads",
                new Spec(columns("tableName level# reads# requests# events# filter"), (analysis, rows) -> {
                    for (Performance.WalkReads each : analysis.performance().walkReads()) {
                        rows.row(
                                each.table(),
                                each.level(),
                                each.reads(),
                                each.requests(),
                                each.events(),
                                each.filter());
                    }
                }));
        all.put("page_sizes", new Spec(columns("bytes* requests# events# filter"), (analysis, rows) -> {
            for (Performance.PageSize each : analysis.performance().pageSizes()) {
                rows.row(1L << Math.min(each.shift(), 63), each.requests(), each.events(), each.filter());
            }
        }));
        all.put(
                "devices",
                new Spec(
                        columns("iommu# device requests# hits# refused# walkReads# pages# filter"),
                        (analysis, rows) -> {
                            for (Performance.Device each :
                                    analysis.performance().devices()) {
                                rows.row(
                                        each.iommu(),
                                        EventTable.bdf(each.device()),
                                        each.requests(),
                                        each.hits(),
                                        each.refused(),
                                        each.walkReads(),
                                        each.pages(),
                                        each.filter());
                            }
                        }));
        all.put("domains", new Spec(columns("iommu# domain# requests# invalidations# filter"), (analysis, rows) -> {
            for (Performance.Domain each : analysis.performance().domains()) {
                rows.row(each.iommu(), each.domain(), each.requests(), each.invalidations(), each.filter());
            }
        }));
        all.put(
                "divergences",
                new Spec(columns("sequence# inputSequence# kind field recorded predicted state"), (analysis, rows) -> {
                    for (Divergence each : analysis.replay().firstDivergences()) {
                        rows.row(
                                each.sequence(),
                                each.inputSequence(),
                                each.kind(),
                                each.field(),
                                each.recorded(),
                                each.predicted(),
                                each.state());
                    }
                }));
        all.put("gaps", new Spec(columns("sequence# timeNs# lost# reason note"), (analysis, rows) -> {
            for (RecordedGap each : analysis.gaps()) {
                rows.row(each.sequence(), each.timeNs(), unless(-1, each.lost()), each.reason(), each.note());
            }
        }));
        return all;
    }

    /** Names with blanks between them: one with a # at its end is of a number, one with a * of an unsigned one. */
    private static List<Column> columns(String names) {
        List<Column> columns = new ArrayList<>();
        for (String name : names.split(" ", -1)) {
            String plain = name.replace("#", "").replace("*", "");
            columns.add(
                    name.endsWith("#")
                            ? Column.number(plain)
                            : name.endsWith("*") ? Column.unsigned(plain) : Column.text(plain));
        }
        return columns;
    }

    private static @Nullable Long unless(long missing, long value) {
        return value == missing ? null : Long.valueOf(value);
    }

    private static void findings(Analysis analysis, Rows rows) throws IOException {
        for (FaultExplanation each : analysis.faults()) {
            rows.row(
                    each.verdict().id(),
                    "error",
                    each.sequence(),
                    each.lastSequence(),
                    each.count(),
                    each.timeNs(),
                    each.iommu(),
                    each.device(),
                    unless(-1, each.domain()),
                    each.firstAddress(),
                    each.lastAddress(),
                    each.access(),
                    each.verdict().sentence(),
                    each.summary(),
                    null);
        }
        for (Finding each : analysis.rules().findings()) {
            rows.row(
                    each.rule().id(),
                    each.severity().id(),
                    each.firstSequence(),
                    each.lastSequence(),
                    each.count(),
                    each.timeNs(),
                    each.where().iommu(),
                    each.where().device() == Where.NONE
                            ? null
                            : EventTable.bdf(each.where().device()),
                    unless(Where.NONE, each.where().domain()),
                    null,
                    null,
                    null,
                    each.rule().title(),
                    each.summary(),
                    each.rule().remedy());
        }
    }

    /** A finding's number is its place in the table of findings, from 0. */
    private static void evidence(Analysis analysis, Rows rows) throws IOException {
        int finding = 0;
        for (FaultExplanation each : analysis.faults()) {
            for (FaultExplanation.Happening happening : each.history()) {
                rows.row(finding, each.verdict().id(), happening.sequence(), happening.timeNs(), happening.what());
            }
            finding++;
        }
        for (Finding each : analysis.rules().findings()) {
            for (Evidence evidence : each.evidence()) {
                rows.row(finding, each.rule().id(), evidence.sequence(), null, evidence.what());
            }
            finding++;
        }
    }

    private static Map<String, Distribution> distributions(Performance all) {
        Map<String, Distribution> named = new LinkedHashMap<>();
        named.put("commands in the ring at a doorbell", all.ring().occupancy());
        named.put("doorbell to COMPLETION_WAIT, ns", all.ring().waitNs());
        for (Performance.Window window : all.windows()) {
            named.put(window.name() + ", ns", window.ns());
        }
        named.put("reuse distance, pages", all.reuse().distances());
        return named;
    }

    private static void distributions(Analysis analysis, Rows rows) throws IOException {
        for (var each : distributions(analysis.performance()).entrySet()) {
            Distribution values = each.getValue();
            rows.row(
                    each.getKey(),
                    values.count(),
                    values.median(),
                    values.p90(),
                    values.p99(),
                    values.largest(),
                    unless(-1, values.largestAt()));
        }
    }

    private static void buckets(Analysis analysis, Rows rows) throws IOException {
        for (var each : distributions(analysis.performance()).entrySet()) {
            for (Distribution.Bucket bucket : each.getValue().buckets()) {
                rows.row(each.getKey(), bucket.from(), bucket.to(), bucket.count());
            }
        }
    }

    /** What was counted for each operation, weighed by the unit costs that come with the program. */
    private static void costs(Analysis analysis, Rows rows) throws IOException {
        UnitCosts costs = UnitCostsReader.builtIn();
        for (var each : analysis.costs().operations().entrySet()) {
            CostRow row = each.getValue();
            for (CostCounter counter : CostCounter.values()) {
                if (row.count(counter) != 0) {
                    rows.row(
                            each.getKey(),
                            row.operations(),
                            counter.key(),
                            row.count(counter),
                            costs.of(counter)
                                    .ns()
                                    .multiply(BigDecimal.valueOf(row.count(counter)))
                                    .longValue());
                }
            }
        }
    }
}
