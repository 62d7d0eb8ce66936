package org.iorewind.cli.view;

import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.cli.Terminal;
import org.iorewind.trace.IntegrityReport;

/** What a check found, as text. */
public final class CheckView {
    private CheckView() {}

    /** Prints the verdict first, then every damaged place. */
    public static void print(IntegrityReport report, Terminal terminal) {
        Lines lines = new Lines(terminal);
        String file = PlainText.clean(report.file().toString());
        String verdict = report.isIntact()
                ? lines.style().good("intact")
                : lines.style().bad(Notation.count(report.damages().size(), "damaged place"));
        lines.line(file + ": " + verdict);
        lines.fact("kept as", report.storeKind());
        lines.fact(
                "trusted",
                Notation.count(report.events(), "event") + " in "
                        + Notation.count(report.blocks(), "archive".equals(report.storeKind()) ? "chunk" : "block"));
        lines.fact("ended", ended(report));
        if (report.mayHaveLostItsEnd()) {
            lines.fact(
                    "tail",
                    "may have lost its end: not closed, and written before the last start of the system, or on another"
                            + " one; events behind the last one can be missing without a trace");
        } else if (report.tornTail()) {
            lines.fact("tail", "not closed: the writer lives or was stopped; every acknowledged event is there");
        }
        int number = 0;
        for (IntegrityReport.Damage damage : report.damages()) {
            lines.heading("Damage " + ++number + ": " + PlainText.clean(damage.place()));
            lines.fact("expected", damage.expected());
            lines.fact("found", damage.found());
            if (damage.firstSequenceMissing() >= 0) {
                lines.fact("events lost", lost(damage));
            }
        }
        if (!report.isIntact()) {
            lines.line("");
            lines.line("Events up to the first damage can still be printed:");
            lines.next("dump " + ShellWord.quote(report.file().toString()));
        }
    }

    private static String ended(IntegrityReport report) {
        if (report.endedInOrder()) {
            return "in order";
        }
        return report.isIntact() ? "no: the recording is unfinished" : "not known: the end may be what is damaged";
    }

    private static String lost(IntegrityReport.Damage damage) {
        String first = Notation.sequence(damage.firstSequenceMissing());
        return damage.lastSequenceMissing() < 0
                ? "from " + first + " on"
                : first + " to " + Notation.sequence(damage.lastSequenceMissing());
    }
}
