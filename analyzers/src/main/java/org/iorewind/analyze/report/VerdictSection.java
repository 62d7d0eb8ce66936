package org.iorewind.analyze.report;

import java.io.IOException;
import java.util.List;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.FaultExplanation;
import org.iorewind.analyze.rule.Severity;
import org.iorewind.analyze.text.Notation;
import org.iorewind.replay.ReplayResult;

/** The first screen: how many faults, which device, which address, why; or that there is none. */
final class VerdictSection {
    /** Faults named in the first screen; all of them follow below it. */
    private static final int SHOWN = 5;

    private VerdictSection() {}

    static void write(HtmlWriter html, Analysis analysis, Headline headline) throws IOException {
        String style = switch (headline.outcome()) {
            case FAULTS -> "bad";
            case DIVERGENCES, FINDINGS -> "odd";
            case CLEAN -> "good";
        };
        html.raw("<section id=\"verdict\" class=\"verdict ").raw(style).line("\" aria-labelledby=\"verdict-title\">");
        html.line("<p class=\"eyebrow\">Verdict</p>");
        html.element("h1 id=\"verdict-title\"", headline.title()).line("");
        html.element("p class=\"lead\"", headline.detail()).line("");
        faults(html, analysis.faults());
        figures(html, analysis);
        for (String caution : headline.cautions()) {
            html.raw("<p class=\"caution\"><strong>Mind:</strong> ")
                    .text(caution)
                    .line("</p>");
        }
        html.line("</section>");
    }

    private static void faults(HtmlWriter html, List<FaultExplanation> faults) throws IOException {
        if (faults.isEmpty()) {
            return;
        }
        html.line("<ul class=\"suspects\">");
        for (int i = 0; i < Math.min(SHOWN, faults.size()); i++) {
            FaultExplanation fault = faults.get(i);
            html.raw("<li><a href=\"#fault-" + (i + 1) + "\">")
                    .element("b", fault.device())
                    .raw(" ");
            html.text(fault.access()).raw(" ");
            html.element("code", Notation.range(fault.firstAddress(), fault.lastAddress()))
                    .raw("</a> ");
            html.raw("<span>").text(fault.verdict().sentence());
            if (fault.count() > 1) {
                html.text(" (" + Notation.count(fault.count()) + " times)");
            }
            html.line("</span></li>");
        }
        html.line("</ul>");
        if (faults.size() > SHOWN) {
            html.raw("<p><a href=\"#faults\">");
            html.text("and " + Notation.count(faults.size() - SHOWN) + " more").line("</a></p>");
        }
    }

    private static void figures(HtmlWriter html, Analysis analysis) throws IOException {
        ReplayResult replay = analysis.replay();
        long broken = analysis.rules().atLeast(Severity.WARNING);
        ReplayResult.Observations seen = replay.observations();
        html.line("<dl class=\"figures\">");
        figure(html, "events replayed", Notation.count(replay.events()), "");
        figure(html, "refused requests", Notation.count(replay.faultCount()), replay.faultCount() > 0 ? "bad" : "");
        figure(html, "rules broken", Notation.count(broken), broken > 0 ? "odd" : "");
        figure(html, "observations compared", Notation.count(seen.compared()), "");
        figure(html, "divergences", Notation.count(seen.divergences()), seen.divergences() > 0 ? "odd" : "");
        figure(html, "gaps", Notation.count(replay.gaps()), replay.gaps() > 0 ? "odd" : "");
        figure(html, "fidelity", replay.fidelity(), "");
        html.line("</dl>");
    }

    private static void figure(HtmlWriter html, String name, String value, String style) throws IOException {
        html.raw("<div class=\"figure ")
                .raw(style)
                .raw("\">")
                .element("dt", name)
                .element("dd", value);
        html.line("</div>");
    }
}
