package org.iorewind.analyze.report;

import java.io.IOException;
import java.util.List;
import org.iorewind.analyze.rule.Evidence;
import org.iorewind.analyze.rule.Finding;
import org.iorewind.analyze.rule.RuleReport;
import org.iorewind.analyze.rule.Severity;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.trace.schema.EventTable;

/** Broken rules as text for a terminal. Stateless. */
final class RuleText {
    private static final int IN_FULL = 10;
    private static final int AROUND = 5;

    private RuleText() {}

    static void write(RuleReport rules, TextStyle style, String program, String trace, Appendable out)
            throws IOException {
        List<Finding> serious = rules.findings().stream()
                .filter(finding -> finding.severity() != Severity.INFO)
                .toList();
        for (Finding finding : serious.subList(0, Math.min(IN_FULL, serious.size()))) {
            out.append('\n');
            write(finding, style, program, trace, out);
        }
        long more = Math.max(0L, (long) serious.size() - IN_FULL);
        long notes = (long) rules.findings().size() - serious.size();
        if (more + notes > 0) {
            out.append('\n').append(Notation.count(more, "more finding")).append(" and ");
            out.append(Notation.count(notes, "note")).append(" in the HTML report and in --json.\n");
        }
        if (!rules.notJudged().isEmpty()) {
            out.append(Paragraph.of(
                    " ! ",
                    Notation.count(rules.notJudged().size()) + " of " + Notation.count(rules.rules(), "rule")
                            + " cannot judge this recording fully: it holds too little.",
                    style.columns()));
        }
    }

    private static void write(Finding finding, TextStyle style, String program, String trace, Appendable out)
            throws IOException {
        String id = finding.severity().id() + " " + finding.rule().id();
        String times = finding.count() == 1 ? "" : "  " + Notation.count(finding.count()) + " times";
        boolean isError = finding.severity() == Severity.ERROR;
        out.append(isError ? style.bad(id) : style.odd(id)).append("  ");
        out.append(PlainText.clean(whom(finding))).append(style.faint(times)).append('\n');
        out.append(Paragraph.of("  ", finding.summary(), style.columns()));
        for (Evidence evidence : finding.evidence()) {
            out.append(Paragraph.of(
                    "    " + Notation.sequence(evidence.sequence()) + "  ", evidence.what(), style.columns()));
        }
        out.append(Paragraph.of("  ", finding.rule().remedy(), style.columns()));
        out.append("        ")
                .append(style.command(
                        PlainText.clean(program + command(finding, trace).substring("iorewind".length()))))
                .append('\n');
    }

    /** Device or domain of a finding. */
    static String whom(Finding finding) {
        StringBuilder whom = new StringBuilder();
        if (finding.where().device() >= 0) {
            whom.append("device ").append(EventTable.bdf(finding.where().device()));
        }
        if (finding.where().domain() >= 0) {
            whom.append(whom.isEmpty() ? "" : ", ")
                    .append("domain ")
                    .append(Notation.hex(finding.where().domain()));
        }
        if (whom.isEmpty() || finding.where().iommu() != 0) {
            whom.append(whom.isEmpty() ? "" : ", ")
                    .append("IOMMU ")
                    .append(finding.where().iommu());
        }
        return whom.toString();
    }

    /** Shows the events of a finding. */
    static String command(Finding finding, String trace) {
        long first = finding.firstSequence();
        long last = finding.firstSequence();
        for (Evidence evidence : finding.evidence()) {
            first = Math.min(first, evidence.sequence());
            last = Math.max(last, evidence.sequence());
        }
        return "iorewind dump " + ShellWord.quote(trace) + " --from " + Math.max(0, first - AROUND) + " --to "
                + (last + AROUND) + " --limit 200";
    }
}
