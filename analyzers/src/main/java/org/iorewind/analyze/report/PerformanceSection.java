package org.iorewind.analyze.report;

import java.io.IOException;
import java.util.List;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.performance.Distribution;
import org.iorewind.analyze.performance.Performance;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.trace.schema.EventTable;

/** Rates, caches, walks and working sets as tables, with the command that shows the events behind a number. */
final class PerformanceSection {
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int BAR_WIDTH = 10;
    private static final int BAR_HEIGHT = 40;

    private PerformanceSection() {}

    static void write(HtmlWriter html, Analysis analysis) throws IOException {
        Performance all = analysis.performance();
        html.line("<section id=\"performance\" aria-labelledby=\"performance-title\">");
        html.line("<h2 id=\"performance-title\">Performance</h2>");
        html.line("<p>Times are those of the recording. Caches and walks are those of the model that replayed it.</p>");
        String dump = "iorewind dump " + ShellWord.quote(analysis.tracePath()) + " --filter ";
        operations(html, all, dump);
        commands(html, all, dump);
        distributions(html, all);
        caches(html, all);
        walks(html, all);
        devices(html, all, dump);
        domains(html, all);
        html.line("</section>");
    }

    private static void number(HtmlWriter html, long value) throws IOException {
        html.element("td class=\"number\"", Notation.count(value));
    }

    private static void name(HtmlWriter html, String name) throws IOException {
        html.raw("<tr>").element("th scope=\"row\"", name);
    }

    private static void command(HtmlWriter html, String dump, String filter) throws IOException {
        html.raw("<td>")
                .element("code class=\"command\"", dump + ShellWord.quote(filter))
                .line("</td></tr>");
    }

    private static String perSecond(long count, long spanNs) {
        return spanNs <= 0 ? "-" : Notation.count(Math.round((double) count * NS_PER_SECOND / spanNs));
    }

    private static String percent(long part, long whole) {
        long tenths = whole == 0 ? 0 : Math.round(1000.0 * part / whole);
        return tenths / 10 + "." + tenths % 10 + " %";
    }

    private static void operations(HtmlWriter html, Performance all, String dump) throws IOException {
        html.tableHead(
                "Operations in " + Notation.time(all.spanNs()),
                "Operation",
                "#Count",
                "#Each second",
                "#Bytes",
                "Events");
        for (Performance.Operation operation : all.operations()) {
            name(html, operation.name());
            number(html, operation.count());
            html.element("td class=\"number\"", perSecond(operation.count(), all.spanNs()));
            html.element("td class=\"number\"", operation.bytes() < 0 ? "-" : Notation.count(operation.bytes()));
            command(html, dump, operation.filter());
        }
        html.tableEnd();
    }

    private static void commands(HtmlWriter html, Performance all, String dump) throws IOException {
        Performance.Ring ring = all.ring();
        html.tableHead(
                "Commands: " + Notation.count(ring.commands()) + " by " + Notation.count(ring.doorbells(), "doorbell"),
                "Command",
                "#Count",
                "#Each second",
                "Events");
        for (Performance.Command each : all.commands()) {
            name(html, each.name());
            number(html, each.count());
            html.element("td class=\"number\"", perSecond(each.count(), all.spanNs()));
            command(html, dump, each.filter());
        }
        html.tableEnd();
    }

    private static void distributions(HtmlWriter html, Performance all) throws IOException {
        html.tableHead("Distributions", "What", "#Count", "#Median", "#90 %", "#99 %", "#Largest", "#At event");
        distribution(html, "commands in the ring at a doorbell", all.ring().occupancy());
        distribution(
                html,
                "doorbell to the store of a COMPLETION_WAIT, ns",
                all.ring().waitNs());
        for (Performance.Window window : all.windows()) {
            distribution(html, window.name() + ", ns", window.ns());
        }
        distribution(
                html,
                "other pages used before a page is used again",
                all.reuse().distances());
        html.tableEnd();
    }

    private static void distribution(HtmlWriter html, String name, Distribution values) throws IOException {
        name(html, name);
        number(html, values.count());
        number(html, values.median());
        number(html, values.p90());
        number(html, values.p99());
        number(html, values.largest());
        html.element("td class=\"number\"", values.largestAt() < 0 ? "-" : Notation.sequence(values.largestAt()))
                .line("</tr>");
    }

    private static void caches(HtmlWriter html, Performance all) throws IOException {
        html.tableHead("Caches", "Cache", "#Hits", "#Misses", "#Hit rate");
        for (Performance.Cache cache : all.caches()) {
            cache(html, cache.name(), cache.hits(), cache.misses());
        }
        long requests = all.reuse().distances().count() + all.reuse().firstUses();
        for (Performance.Capacity capacity : all.reuse().hitsAt()) {
            String what =
                    "translations, perfect LRU of " + Notation.count(capacity.entries()) + ", nothing invalidated";
            cache(html, what, capacity.hits(), requests - capacity.hits());
        }
        html.tableEnd();
    }

    private static void cache(HtmlWriter html, String name, long hits, long misses) throws IOException {
        name(html, name);
        number(html, hits);
        number(html, misses);
        html.element("td class=\"number\"", percent(hits, hits + misses)).line("</tr>");
    }

    private static void walks(HtmlWriter html, Performance all) throws IOException {
        html.tableHead("Reads of table entries", "Table", "#Level", "#Reads", "#For each request");
        for (Performance.WalkReads reads : all.walkReads()) {
            name(html, reads.table());
            number(html, reads.level());
            number(html, reads.reads());
            long hundredths = reads.requests() == 0 ? 0 : Math.round(100.0 * reads.reads() / reads.requests());
            String each = hundredths / 100 + "." + (hundredths % 100 < 10 ? "0" : "") + hundredths % 100;
            html.element("td class=\"number\"", each).line("</tr>");
        }
        html.tableEnd();
        html.tableHead("Page sizes", "Size", "#Requests");
        for (Performance.PageSize size : all.pageSizes()) {
            name(html, Notation.size(1L << Math.min(size.shift(), 62)));
            number(html, size.requests());
            html.line("</tr>");
        }
        html.tableEnd();
    }

    private static void devices(HtmlWriter html, Performance all, String dump) throws IOException {
        html.tableHead(
                "Devices with the most requests",
                "Device",
                "#Requests",
                "#Hit rate",
                "#Refused",
                "#Walk reads",
                "#Pages",
                "Pages in use over time",
                "Events");
        for (Performance.Device device : all.devices()) {
            name(
                    html,
                    EventTable.bdf(device.device()) + (device.iommu() == 0 ? "" : " behind IOMMU " + device.iommu()));
            number(html, device.requests());
            html.element("td class=\"number\"", percent(device.hits(), device.requests()));
            number(html, device.refused());
            number(html, device.walkReads());
            number(html, device.pages());
            html.raw("<td>");
            bars(html, device.workingSet());
            html.text(" at most "
                    + Notation.count(
                            device.workingSet().stream().mapToInt(i -> i).max().orElse(0)) + " in "
                    + Notation.time(device.sliceNs()));
            html.raw("</td>");
            command(html, dump, device.filter());
        }
        html.tableEnd();
    }

    private static void bars(HtmlWriter html, List<Integer> counts) throws IOException {
        int most = Math.max(1, counts.stream().mapToInt(i -> i).max().orElse(1));
        html.raw("<svg class=\"bars\" aria-hidden=\"true\" width=\"" + counts.size() * BAR_WIDTH / 4 + "\" height=\""
                + BAR_HEIGHT / 2 + "\" viewBox=\"0 0 " + counts.size() * BAR_WIDTH + " " + BAR_HEIGHT
                + "\" preserveAspectRatio=\"none\">");
        for (int i = 0; i < counts.size(); i++) {
            int height = (int) ((long) counts.get(i) * BAR_HEIGHT / most);
            html.raw("<rect fill=\"currentColor\" x=\"" + i * BAR_WIDTH + "\" y=\"" + (BAR_HEIGHT - height)
                    + "\" width=\"" + (BAR_WIDTH - 2) + "\" height=\"" + height + "\"/>");
        }
        html.raw("</svg>");
    }

    private static void domains(HtmlWriter html, Performance all) throws IOException {
        html.tableHead("Domains with the most requests", "Domain", "#IOMMU", "#Requests", "#Page invalidations");
        for (Performance.Domain domain : all.domains()) {
            name(html, Notation.hex(domain.domain()));
            number(html, domain.iommu());
            number(html, domain.requests());
            number(html, domain.invalidations());
            html.line("</tr>");
        }
        html.tableEnd();
    }
}
