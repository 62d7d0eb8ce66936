package org.iorewind.analyze.report;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.rule.Evidence;
import org.iorewind.analyze.rule.Finding;
import org.iorewind.analyze.rule.RuleReport;
import org.iorewind.analyze.rule.Severity;
import org.iorewind.analyze.text.Notation;

/** Rules of the protocol that were broken, with evidence and remedy; and those that could not judge. */
final class RuleSection {
    private static final int SHOWN = 200;

    private RuleSection() {}

    static void write(HtmlWriter html, Analysis analysis) throws IOException {
        RuleReport rules = analysis.rules();
        html.line("<section id=\"rules\" aria-labelledby=\"rules-title\">");
        html.line("<h2 id=\"rules-title\">Rules of the protocol</h2>");
        List<Finding> all = rules.findings();
        if (all.isEmpty()) {
            html.raw("<p>").text("None of " + Notation.count(rules.rules(), "rule") + " was broken.");
            html.line("</p>");
        }
        for (Finding finding : all.subList(0, Math.min(SHOWN, all.size()))) {
            finding(html, finding, analysis.tracePath());
        }
        if (all.size() > SHOWN) {
            html.raw("<p>").text("and " + Notation.count(all.size() - SHOWN, "more finding") + " in --json");
            html.line("</p>");
        }
        if (!rules.notKept().isEmpty()) {
            html.tableHead("Cases beyond the findings that a rule may have", "Rule", "#Cases");
            for (Map.Entry<String, Long> each : rules.notKept().entrySet()) {
                html.raw("<tr>").element("th scope=\"row\"", each.getKey());
                html.element("td class=\"number\"", Notation.count(each.getValue()))
                        .line("</tr>");
            }
            html.tableEnd();
        }
        if (!rules.notJudged().isEmpty()) {
            html.line("<details><summary>Rules that cannot judge this recording fully</summary>");
            html.tableHead("Rules that cannot judge", "Rule", "Why");
            for (Map.Entry<String, String> each : rules.notJudged().entrySet()) {
                html.fact(each.getKey(), each.getValue());
            }
            html.tableEnd();
            html.line("</details>");
        }
        html.line("</section>");
    }

    private static void finding(HtmlWriter html, Finding finding, String trace) throws IOException {
        boolean isOpen = finding.severity() == Severity.ERROR;
        html.raw(isOpen ? "<details open><summary>" : "<details><summary>");
        html.element("b", finding.severity().id())
                .raw(" ")
                .element("code", finding.rule().id());
        html.text(" " + finding.rule().title() + " (" + RuleText.whom(finding)
                + (finding.count() == 1 ? ")" : ", " + Notation.count(finding.count()) + " times)"));
        html.line("</summary>");
        html.raw("<p>").text(finding.summary()).line("</p>");
        html.raw("<p>").text(finding.rule().explanation()).line("</p><ol>");
        for (Evidence evidence : finding.evidence()) {
            html.raw("<li>").element("code", Notation.sequence(evidence.sequence()));
            html.text(" " + evidence.what()).line("</li>");
        }
        html.raw("</ol><p><strong>Remedy:</strong> ")
                .text(finding.rule().remedy())
                .line("</p><p>");
        html.element("code class=\"command\"", RuleText.command(finding, trace)).line("</p></details>");
    }
}
