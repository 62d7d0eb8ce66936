package org.iorewind.analyze.report;

import java.util.ArrayList;
import java.util.List;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.document.Block;
import org.iorewind.analyze.document.Line;
import org.iorewind.analyze.document.Section;
import org.iorewind.analyze.document.Span;
import org.iorewind.analyze.document.Tone;
import org.iorewind.analyze.performance.Distribution;
import org.iorewind.analyze.performance.Performance;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.trace.schema.EventTable;

/** Rates, caches, walks and working sets as tables and charts, with the command that shows the events behind a number. */
final class PerformanceSection {
    private static final int ROOM = 230_000;

    private static final long NS_PER_SECOND = 1_000_000_000L;

    /** Events shown around one. */
    private static final int AROUND = 10;

    private final Performance all;
    private final String tracePath;
    private final DumpCommand dump;
    private final List<Block> blocks = new ArrayList<>();

    private PerformanceSection(Analysis analysis) {
        all = analysis.performance();
        tracePath = analysis.tracePath();
        dump = new DumpCommand(analysis);
    }

    static Section of(Analysis analysis) {
        PerformanceSection its = new PerformanceSection(analysis);
        its.blocks.add(Block.Paragraph.of(
                "Times are those of the recording. Caches and walks are those of the model that" + " replayed it."));
        its.operations();
        its.commands();
        its.distributions();
        its.caches();
        its.walks();
        its.devices();
        its.domains();
        return new Section(
                "performance",
                "Performance",
                "Performance",
                Tone.PLAIN,
                ROOM,
                its.blocks,
                List.of("iorewind report " + ShellWord.quote(analysis.tracePath()) + " --json"));
    }

    private static String perSecond(long count, long spanNs) {
        return spanNs <= 0 ? "-" : Notation.count(Math.round((double) count * NS_PER_SECOND / spanNs));
    }

    private static String percent(long part, long whole) {
        long tenths = whole == 0 ? 0 : Math.round(1000.0 * part / whole);
        return tenths / 10 + "." + tenths % 10 + " %";
    }

    private void operations() {
        Rows rows = new Rows(
                "Operations in " + Notation.time(all.spanNs()),
                "Operation",
                "#Count",
                "#Each second",
                "#Bytes",
                "Events");
        for (Performance.Operation operation : all.operations()) {
            rows.row(operation.name()).count(operation.count());
            rows.number(perSecond(operation.count(), all.spanNs()));
            rows.number(operation.bytes() < 0 ? "-" : Notation.count(operation.bytes()));
            if (operation.count() == 0) {
                rows.text("-");
            } else {
                rows.command(dump.of(operation.filter()));
            }
        }
        blocks.add(rows.table());
    }

    private void commands() {
        Performance.Ring ring = all.ring();
        Rows rows = new Rows(
                "Commands: " + Notation.count(ring.commands()) + " by " + Notation.count(ring.doorbells(), "doorbell"),
                "Command",
                "#Count",
                "#Each second",
                "Events");
        BarChart chart = new BarChart();
        for (Performance.Command each : all.commands()) {
            rows.row(each.name()).count(each.count()).number(perSecond(each.count(), all.spanNs()));
            rows.command(dump.of(each.filter()));
            chart.bar(each.name(), each.count(), Notation.count(each.count()));
        }
        rows.row("doorbell").count(ring.doorbells()).number(perSecond(ring.doorbells(), all.spanNs()));
        rows.command(dump.of(ring.filter()));
        chart.addTo(blocks, "commands", "Commands by kind");
        blocks.add(rows.table());
    }

    private void distributions() {
        Rows rows = new Rows(
                "Distributions",
                "What",
                "#Count",
                "#Median",
                "#90 %",
                "#99 %",
                "#Largest",
                "Around the event with the largest");
        distribution(rows, "commands in the ring at a doorbell", all.ring().occupancy());
        DistributionChart.addTo(
                blocks, "ring", "Commands in the ring at a doorbell", all.ring().occupancy(), Notation::count);
        distribution(
                rows,
                "doorbell to the store of a COMPLETION_WAIT, ns",
                all.ring().waitNs());
        DistributionChart.addTo(
                blocks,
                "waits",
                "Time from the doorbell to the store of a COMPLETION_WAIT",
                all.ring().waitNs(),
                Notation::duration);
        for (Performance.Window window : all.windows()) {
            distribution(rows, window.name() + ", ns", window.ns());
            DistributionChart.addTo(
                    blocks, window.id(), "Time from the " + window.name(), window.ns(), Notation::duration);
        }
        distribution(
                rows,
                "other pages used before a page is used again",
                all.reuse().distances());
        DistributionChart.addTo(
                blocks,
                "reuse-distances",
                "Other pages used before a page is used again",
                all.reuse().distances(),
                Notation::count);
        blocks.add(rows.table());
    }

    private void distribution(Rows rows, String name, Distribution values) {
        rows.row(name).count(values.count()).count(values.median()).count(values.p90());
        rows.count(values.p99()).count(values.largest());
        if (values.largestAt() < 0) {
            rows.text("-");
        } else {
            rows.command("iorewind dump " + ShellWord.quote(tracePath) + " --from "
                    + Math.max(0, values.largestAt() - AROUND) + " --to " + (values.largestAt() + AROUND));
        }
    }

    private void caches() {
        Rows rows =
                new Rows("Caches", "Cache", "#Hits", "#Misses", "#Hit rate", "Events with hits", "Events with misses");
        for (Performance.Cache cache : all.caches()) {
            cache(rows, cache.name(), cache.hits(), cache.misses());
            events(rows, cache.hitEvents(), cache.hitFilter());
            events(rows, cache.missEvents(), cache.missFilter());
        }
        blocks.add(Block.Paragraph.of("Hits, misses and reads are counted each: an event may have several. The commands"
                + " replay the trace, and print each event once."));
        paragraph("Requests that missed in the recorded device: ", dump.of("kind == 'Translation' && cache == 'MISS'"));
        long requests = all.reuse().distances().count() + all.reuse().firstUses();
        BarChart chart = new BarChart();
        for (Performance.Capacity capacity : all.reuse().hitsAt()) {
            String what =
                    "translations, perfect LRU of " + Notation.count(capacity.entries()) + ", nothing invalidated";
            cache(rows, what, capacity.hits(), requests - capacity.hits());
            rows.text("-").text("-");
            chart.bar(
                    Notation.count(capacity.entries()) + " entries",
                    capacity.hits(),
                    percent(capacity.hits(), requests));
        }
        if (requests > 0) {
            chart.addTo(blocks, "reuse", "Hits of a cache of translations by its size (perfect LRU)");
            paragraph(
                    "Requests that a perfect LRU was asked for: ",
                    dump.of("effects.iotlbHits + effects.iotlbMisses > 0"));
        }
        blocks.add(rows.table());
    }

    private static void cache(Rows rows, String name, long hits, long misses) {
        rows.row(name).count(hits).count(misses).number(percent(hits, hits + misses));
    }

    private void paragraph(String words, String command) {
        blocks.add(new Block.Paragraph(Block.Style.NORMAL, Line.of(words).and(Span.Kind.CODE, command)));
    }

    /** The command for events, if there are any. */
    private void events(Rows rows, long count, String filter) {
        if (count == 0) {
            rows.text("-");
        } else {
            rows.command(dump.of(filter));
        }
    }

    private void walks() {
        Rows rows = new Rows(
                "Reads of table entries", "Table", "#Level", "#Reads", "#For each request", "#Events", "Events");
        BarChart perTable = new BarChart();
        for (Performance.WalkReads reads : all.walkReads()) {
            perTable.bar(reads.table() + ", level " + reads.level(), reads.reads(), Notation.count(reads.reads()));
            long hundredths = reads.requests() == 0 ? 0 : Math.round(100.0 * reads.reads() / reads.requests());
            String each = hundredths / 100 + "." + (hundredths % 100 < 10 ? "0" : "") + hundredths % 100;
            rows.row(reads.table()).count(reads.level()).count(reads.reads()).number(each);
            rows.count(reads.events());
            events(rows, reads.events(), reads.filter());
        }
        perTable.addTo(blocks, "walk-reads", "Reads of table entries by table and level");
        blocks.add(rows.table());
        Rows sizes = new Rows("Page sizes", "Size", "#Requests", "Events");
        BarChart chart = new BarChart();
        for (Performance.PageSize size : all.pageSizes()) {
            String name = Notation.size(1L << Math.min(size.shift(), 62));
            sizes.row(name).count(size.requests());
            events(sizes, size.events(), size.filter());
            chart.bar(name, size.requests(), Notation.count(size.requests()));
        }
        chart.addTo(blocks, "page-sizes", "Requests by size of the page");
        blocks.add(sizes.table());
    }

    private void devices() {
        Rows rows = new Rows(
                "Devices with the most requests",
                "Device",
                "#Requests",
                "#Hit rate",
                "#Refused",
                "#Walk reads",
                "#Pages",
                "#Pages in use, at most",
                "Events");
        BarChart chart = new BarChart();
        SliceChart workingSets = new SliceChart();
        for (Performance.Device device : all.devices()) {
            String name =
                    EventTable.bdf(device.device()) + (device.iommu() == 0 ? "" : " behind IOMMU " + device.iommu());
            rows.row(name).count(device.requests()).number(percent(device.hits(), device.requests()));
            rows.count(device.refused()).count(device.walkReads()).count(device.pages());
            int most = device.workingSet().stream().mapToInt(i -> i).max().orElse(0);
            rows.number(Notation.count(most) + " in " + Notation.duration(device.sliceNs()));
            workingSets.row(name, device.workingSet());
            rows.command(dump.of(device.filter()));
            chart.bar(name, device.requests(), Notation.count(device.requests()));
        }
        chart.addTo(blocks, "devices", "Requests by device");
        workingSets.addTo(blocks, "working-sets", "Different pages in use over time, by device");
        blocks.add(rows.table());
    }

    private void domains() {
        Rows rows = new Rows(
                "Domains with the most requests", "Domain", "#IOMMU", "#Requests", "#Page invalidations", "Events");
        for (Performance.Domain domain : all.domains()) {
            rows.row(Notation.hex(domain.domain())).count(domain.iommu());
            rows.count(domain.requests()).count(domain.invalidations());
            rows.command(dump.of(domain.filter()));
        }
        blocks.add(rows.table());
    }
}
