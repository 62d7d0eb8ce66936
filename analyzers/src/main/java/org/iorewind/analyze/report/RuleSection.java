package org.iorewind.analyze.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.document.Block;
import org.iorewind.analyze.document.Line;
import org.iorewind.analyze.document.Section;
import org.iorewind.analyze.document.Span;
import org.iorewind.analyze.document.Tone;
import org.iorewind.analyze.rule.Evidence;
import org.iorewind.analyze.rule.Finding;
import org.iorewind.analyze.rule.RuleReport;
import org.iorewind.analyze.rule.Severity;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.ShellWord;

/** Rules of the protocol that were broken, with evidence and remedy; and those that could not judge. */
final class RuleSection {
    private static final int ROOM = 250_000;

    private static final int SHOWN = 200;

    private RuleSection() {}

    static Section of(Analysis analysis) {
        RuleReport rules = analysis.rules();
        List<Block> blocks = new ArrayList<>();
        List<Finding> all = rules.findings();
        if (all.isEmpty()) {
            blocks.add(Block.Paragraph.of("None of " + Notation.count(rules.rules(), "rule") + " was broken."));
        }
        for (Finding finding : all.subList(0, Math.min(SHOWN, all.size()))) {
            blocks.add(finding(finding, analysis.tracePath()));
        }
        if (all.size() > SHOWN) {
            blocks.add(Block.Paragraph.of("and " + Notation.count(all.size() - SHOWN, "more finding") + " in --json"));
        }
        if (!rules.notKept().isEmpty()) {
            Rows rows = new Rows("Cases beyond the findings that a rule may have", "Rule", "#Cases");
            for (Map.Entry<String, Long> each : rules.notKept().entrySet()) {
                rows.row(each.getKey()).count(each.getValue());
            }
            blocks.add(rows.table());
        }
        if (!rules.notJudged().isEmpty()) {
            Rows rows = new Rows("Rules that cannot judge", "Rule", "Why");
            for (Map.Entry<String, String> each : rules.notJudged().entrySet()) {
                rows.fact(each.getKey(), each.getValue());
            }
            blocks.add(new Block.Details(
                    Line.of("Rules that cannot judge this recording fully"), false, List.of(rows.table())));
        }
        return new Section(
                "rules",
                "Rules",
                "Rules of the protocol",
                Tone.PLAIN,
                ROOM,
                blocks,
                List.of("iorewind report " + ShellWord.quote(analysis.tracePath()) + " --json"));
    }

    private static Block finding(Finding finding, String trace) {
        String times = finding.count() == 1 ? ")" : ", " + Notation.count(finding.count()) + " times)";
        Line summary = Line.empty()
                .and(Span.Kind.STRONG, finding.severity().id())
                .and(" ")
                .and(Span.Kind.CODE, finding.rule().id())
                .and(" " + finding.rule().title() + " (" + RuleText.whom(finding) + times);
        List<Block.Item> evidence = new ArrayList<>();
        for (Evidence each : finding.evidence()) {
            evidence.add(
                    new Block.Item(Line.code(Notation.sequence(each.sequence())).and(" " + each.what()), ""));
        }
        return new Block.Details(
                summary,
                finding.severity() == Severity.ERROR,
                List.of(
                        Block.Paragraph.of(finding.summary()),
                        Block.Paragraph.of(finding.rule().explanation()),
                        new Block.Items(Block.ListKind.NUMBERED, evidence),
                        new Block.Items(
                                Block.ListKind.BULLETS,
                                List.of(new Block.Item(
                                        Line.empty()
                                                .and(Span.Kind.STRONG, "Remedy:")
                                                .and(" " + finding.rule().remedy()),
                                        RuleText.command(finding, trace))))));
    }
}
