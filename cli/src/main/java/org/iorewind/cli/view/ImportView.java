package org.iorewind.cli.view;

import java.nio.file.Path;
import java.util.SortedMap;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.cli.Terminal;
import org.iorewind.record.ImportResult;

/** What an import did, as text. */
public final class ImportView {
    private ImportView() {}

    /** Prints what came in, what was left out and why, and what the trace can miss. */
    public static void print(ImportResult result, Path trace, Terminal terminal) {
        Lines lines = new Lines(terminal);
        lines.line(lines.style().good(PlainText.clean(trace.toString())) + ": "
                + Notation.count(result.events(), "event") + " from " + Notation.count(result.lines(), "line"));
        lines.fact("profile", result.profile());
        lines.fact("can miss", result.contract());
        counts(lines, "Lines that repeat or qualify another line", result.folded());
        counts(lines, "Lines that are no events of an IOMMU", result.skipped());
        if (result.unparsed() > 0) {
            lines.heading(lines.style().odd(Notation.count(result.unparsed(), "line") + " not understood"));
            for (String example : result.unparsedExamples()) {
                lines.line("  " + PlainText.clip(example, 200));
            }
        }
        String name = ShellWord.quote(trace.toString());
        lines.next("describe " + name, "replay " + name, "explain " + name);
    }

    private static void counts(Lines lines, String heading, SortedMap<String, Long> counts) {
        if (!counts.isEmpty()) {
            lines.heading(heading);
            lines.counts(counts);
        }
    }
}
