package org.iorewind.analyze.report;

import java.io.IOException;
import java.util.List;
import java.util.SortedMap;
import org.iorewind.analyze.text.Notation;
import org.iorewind.replay.Divergence;
import org.iorewind.replay.ReplayResult;
import org.iorewind.replay.ReplayResult.Observations;

/** Recording against model: how many observations agree, and every difference that is shown in full. */
final class ComparisonSection {
    /** Divergences listed. */
    static final int LISTED = 100;

    /** Rows of a table of names and counts. */
    private static final int NAMED = 200;

    private ComparisonSection() {}

    static void write(HtmlWriter html, ReplayResult replay) throws IOException {
        Observations seen = replay.observations();
        html.line("<section id=\"comparison\" aria-labelledby=\"comparison-title\">");
        html.line("<h2 id=\"comparison-title\">Recording against model</h2>");
        html.line("<p>Replay feeds every recorded input to the model and compares what the model does with what the"
                + " recorded system did.</p>");
        html.tableHead("Observations", "What became of them", "#Count", "Meaning");
        row(html, "matched", seen.matched(), "agree in every field that both sides know");
        row(html, "known deviations", seen.knownDeviations(), "differ in a documented way");
        row(html, "divergences", seen.divergences(), "differ for no known reason");
        row(html, "not comparable", seen.notComparable(), "the trace holds too little to predict anything");
        html.tableEnd();
        divergences(html, replay.firstDivergences(), seen.divergences());
        counts(html, "Known deviations of the recorded device, by id", "Deviation", replay.knownDeviations());
        counts(html, "Inputs that need a feature the model lacks", "Feature", replay.notModelled());
        counts(html, "Memory the model needed and the trace does not hold", "Needed for", replay.notRecorded());
        html.line("</section>");
    }

    private static void row(HtmlWriter html, String name, long count, String meaning) throws IOException {
        html.raw("<tr>").element("th scope=\"row\"", name).element("td class=\"number\"", Notation.count(count));
        html.element("td", meaning).line("</tr>");
    }

    private static void divergences(HtmlWriter html, List<Divergence> all, long count) throws IOException {
        if (all.isEmpty()) {
            return;
        }
        List<Divergence> shown = all.subList(0, Math.min(LISTED, all.size()));
        html.tableHead(
                "The first " + Notation.count(shown.size()) + " of " + Notation.count(count, "divergence"),
                "#Event",
                "#Input",
                "Kind",
                "Field",
                "Recorded",
                "Predicted",
                "State");
        for (Divergence divergence : shown) {
            html.raw("<tr>").element("td class=\"number\"", Notation.sequence(divergence.sequence()));
            html.element("td class=\"number\"", Notation.sequence(divergence.inputSequence()));
            html.element("td", divergence.kind()).element("td", divergence.field());
            html.raw("<td>").element("code", divergence.recorded()).raw("</td><td>");
            html.element("code", divergence.predicted()).raw("</td>");
            html.element("td", divergence.state()).line("</tr>");
        }
        html.tableEnd();
    }

    /** A table of names and counts; nothing if there are none. */
    static void counts(HtmlWriter html, String caption, String column, SortedMap<String, Long> counts)
            throws IOException {
        if (counts.isEmpty()) {
            return;
        }
        html.tableHead(caption, column, "#Count");
        int left = NAMED;
        for (var entry : counts.entrySet()) {
            if (left-- == 0) {
                html.fact("and more", Notation.count(counts.size() - NAMED));
                break;
            }
            html.raw("<tr>").element("th scope=\"row\"", entry.getKey());
            html.element("td class=\"number\"", Notation.count(entry.getValue()))
                    .line("</tr>");
        }
        html.tableEnd();
    }
}
