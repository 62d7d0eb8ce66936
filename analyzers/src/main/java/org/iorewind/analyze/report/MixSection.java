package org.iorewind.analyze.report;

import java.io.IOException;
import java.util.List;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.EventMix;
import org.iorewind.analyze.text.Notation;

/** Events over time: the chart, and the same numbers as a table for those who cannot see it or want digits. */
final class MixSection {
    /** Rows of the table: neighbouring time slices are added up until so few are left. */
    private static final int TABLE_ROWS = 60;

    private MixSection() {}

    static void write(HtmlWriter html, Analysis analysis) throws IOException {
        html.line("<section id=\"mix\" aria-labelledby=\"mix-title\">");
        html.line("<h2 id=\"mix-title\">Events over time</h2>");
        EventMix mix = analysis.mix();
        if (mix.slices() < 1 || mix.kinds().isEmpty()) {
            html.line("<p>The trace holds no events to draw.</p></section>");
            return;
        }
        html.line(
                "<p>One row for each kind of event. The height of a bar is the <em>logarithm</em> of the count, so that"
                        + " a single event stays visible beside thousands; all rows share one scale.</p>");
        new MixChart(mix).write(html, analysis.faults());
        html.line("<details><summary>The same numbers as a table</summary>");
        table(html, mix);
        html.line("</details></section>");
    }

    private static void table(HtmlWriter html, EventMix mix) throws IOException {
        List<EventMix.Row> kinds =
                mix.kinds().subList(0, Math.min(MixChart.ROW_LIMIT, mix.kinds().size()));
        int step = (mix.slices() + TABLE_ROWS - 1) / TABLE_ROWS;
        String[] columns = new String[kinds.size() + 1];
        columns[0] = "From";
        for (int i = 0; i < kinds.size(); i++) {
            columns[i + 1] = "#" + kinds.get(i).kind();
        }
        html.tableHead("Events in each " + Notation.time(mix.sliceNs() * step), columns);
        for (int slice = 0; slice < mix.slices(); slice += step) {
            html.raw("<tr>").element("th scope=\"row\"", Notation.time(mix.startNs() + slice * mix.sliceNs()));
            for (EventMix.Row kind : kinds) {
                long sum = sum(kind.counts(), slice, slice + step);
                html.element(sum == 0 ? "td class=\"number none\"" : "td class=\"number\"", Notation.count(sum));
            }
            html.line("</tr>");
        }
        html.tableEnd();
    }

    /** Sum of the counts in [from, to), as far as there are any. */
    static long sum(long[] counts, int from, int to) {
        long sum = 0;
        for (int i = from; i < Math.min(to, counts.length); i++) {
            sum += counts[i];
        }
        return sum;
    }
}
