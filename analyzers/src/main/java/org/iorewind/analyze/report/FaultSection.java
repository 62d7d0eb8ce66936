package org.iorewind.analyze.report;

import java.io.IOException;
import java.util.List;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.FaultExplanation;
import org.iorewind.analyze.FaultExplanation.Happening;
import org.iorewind.analyze.text.Notation;

/** The faults: the first ones in full with their chain of causes, the rest in a table. */
final class FaultSection {
    /** Fault groups shown in full. */
    static final int IN_FULL = 50;

    /** Fault groups listed in the table behind them; what is beyond is counted. */
    static final int IN_TABLE = 1_000;

    /** Longest list shown for one fault. */
    static final int LIST_LIMIT = 40;

    /** Of a history that is too long, this many of the oldest stay; the rest of the room goes to the newest. */
    private static final int OLDEST_KEPT = 8;

    private FaultSection() {}

    static void write(HtmlWriter html, Analysis analysis) throws IOException {
        List<FaultExplanation> faults = analysis.faults();
        html.line("<section id=\"faults\" aria-labelledby=\"faults-title\">");
        html.line("<h2 id=\"faults-title\">Faults and their causes</h2>");
        if (faults.isEmpty()) {
            html.line(
                    analysis.replay().faultCount() == 0
                            ? "<p>No request was refused.</p>"
                            : "<p>Requests were refused, but the analysis could not explain them.</p>");
        }
        for (int i = 0; i < Math.min(IN_FULL, faults.size()); i++) {
            fault(html, i + 1, faults.get(i));
        }
        if (faults.size() > IN_FULL) {
            rest(html, faults);
        }
        html.line("</section>");
    }

    private static void fault(HtmlWriter html, int number, FaultExplanation fault) throws IOException {
        html.raw(
                "<article class=\"fault\" id=\"fault-" + number + "\" aria-labelledby=\"fault-" + number + "-title\">");
        html.raw("<h3 id=\"fault-" + number + "-title\"><span class=\"eyebrow\">Fault " + number + "</span> ");
        html.text(fault.device() + ", " + fault.access() + " at ");
        html.element("code", Notation.range(fault.firstAddress(), fault.lastAddress()))
                .line("</h3>");
        html.element("p class=\"summary\"", fault.summary()).line("");
        tags(html, fault);
        html.line("<h4>Chain of causes</h4>");
        chain(html, fault);
        if (!fault.walk().isEmpty()) {
            html.line("<h4>The way through the tables</h4>");
            list(html, "ol class=\"walk\"", fault.walk());
        }
        if (!fault.flags().isEmpty()) {
            html.line("<h4>What was reported</h4>");
            list(html, "ul class=\"plain\"", fault.flags());
        }
        html.line("<div class=\"pair\">");
        if (!fault.cannotTell().isEmpty()) {
            html.line("<div class=\"cannot\"><h4>What this recording cannot tell</h4>");
            list(html, "ul", fault.cannotTell());
            html.line("</div>");
        }
        if (!fault.next().isEmpty()) {
            html.line("<div class=\"next\"><h4>What to do next</h4>");
            list(html, "ul", fault.next());
            html.line("</div>");
        }
        html.line("</div></article>");
    }

    private static void tags(HtmlWriter html, FaultExplanation fault) throws IOException {
        html.raw("<ul class=\"tags\">");
        html.element("li class=\"strong\"", fault.verdict().id());
        html.element("li", Notation.count(fault.count(), "refused request"));
        html.element(
                "li",
                fault.sequence() == fault.lastSequence()
                        ? "event " + Notation.sequence(fault.sequence())
                        : "events " + Notation.sequence(fault.sequence()) + " to "
                                + Notation.sequence(fault.lastSequence()));
        html.element("li", "at " + Notation.time(fault.timeNs()));
        html.element("li", fault.domain() < 0 ? "domain unknown" : "domain " + fault.domain());
        html.line("</ul>");
    }

    private static void chain(HtmlWriter html, FaultExplanation fault) throws IOException {
        List<Happening> history = fault.history();
        int cut = history.size() > LIST_LIMIT ? history.size() - LIST_LIMIT : 0;
        html.line("<ol class=\"chain\">");
        if (history.isEmpty()) {
            html.line("<li><span class=\"when\">before</span> <span>nothing in the recording concerns this address"
                    + "</span></li>");
        }
        for (int i = 0; i < history.size(); i++) {
            if (cut > 0 && i == OLDEST_KEPT) {
                html.raw("<li class=\"cut\"><span class=\"when\">between</span> ");
                html.element("span", Notation.count(cut, "more event") + " not shown")
                        .line("</li>");
                i += cut;
            }
            Happening happening = history.get(i);
            step(html, "li", happening.sequence(), happening.timeNs(), happening.what());
        }
        String refused = fault.count() == 1 ? "refused: " : "refused " + Notation.count(fault.count()) + " times: ";
        step(
                html,
                "li class=\"end\"",
                fault.sequence(),
                fault.timeNs(),
                refused + fault.verdict().sentence());
        html.line("</ol>");
    }

    private static void step(HtmlWriter html, String tag, long sequence, long timeNs, String what) throws IOException {
        html.raw("<")
                .raw(tag)
                .raw("><span class=\"when\">")
                .text(Notation.sequence(sequence))
                .raw(" <br>");
        html.text(Notation.time(timeNs)).raw("</span> ").element("span", what).line("</li>");
    }

    private static void list(HtmlWriter html, String tag, List<String> items) throws IOException {
        html.raw("<").raw(tag).raw(">");
        for (String item : items.subList(0, Math.min(LIST_LIMIT, items.size()))) {
            Advice advice = Advice.of(item);
            html.raw("<li>").text(advice.words());
            if (!advice.command().isEmpty()) {
                html.raw("<br>").element("code class=\"command\"", advice.command());
            }
            html.line("</li>");
        }
        if (items.size() > LIST_LIMIT) {
            html.element("li", "and " + Notation.count(items.size() - LIST_LIMIT) + " more");
        }
        html.line(tag.startsWith("ol") ? "</ol>" : "</ul>");
    }

    private static void rest(HtmlWriter html, List<FaultExplanation> faults) throws IOException {
        int end = Math.min(faults.size(), IN_FULL + IN_TABLE);
        html.tableHead(
                "The other faults, " + Notation.count(faults.size() - IN_FULL),
                "#Event",
                "#Time",
                "Device",
                "Access",
                "Address",
                "#Times",
                "Verdict");
        for (FaultExplanation fault : faults.subList(IN_FULL, end)) {
            html.raw("<tr>").element("td class=\"number\"", Notation.sequence(fault.sequence()));
            html.element("td class=\"number\"", Notation.time(fault.timeNs()));
            html.element("td", fault.device()).element("td", fault.access()).raw("<td>");
            html.element("code", Notation.range(fault.firstAddress(), fault.lastAddress()))
                    .raw("</td>");
            html.element("td class=\"number\"", Notation.count(fault.count()));
            html.element("td", fault.verdict().id()).line("</tr>");
        }
        html.tableEnd();
        if (faults.size() > end) {
            html.element("p", Notation.count(faults.size() - end) + " more are not listed here.")
                    .line("");
        }
    }
}
