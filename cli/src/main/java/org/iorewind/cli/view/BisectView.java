package org.iorewind.cli.view;

import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.bisect.FoundEvent;
import org.jspecify.annotations.Nullable;

/** What a search for the first event found, for people. */
public final class BisectView {
    private BisectView() {}

    /**
     * Prints it.
     *
     * @param asked the predicate or script
     * @param found the event, or null
     */
    public static void print(String trace, String asked, @Nullable FoundEvent found, Terminal terminal) {
        Lines lines = new Lines(terminal);
        if (found == null) {
            lines.paragraph("", "No event: " + asked + " holds nowhere in this trace.");
            return;
        }
        lines.paragraph(
                "", "Event " + found.sequence() + " at " + Notation.time(found.timeNs()) + " is the first: " + asked);
        lines.line("");
        for (FoundEvent.Before before : found.before()) {
            lines.line(before.line());
        }
        lines.line(lines.style().strong(found.line()));
        String name = ShellWord.quote(trace);
        lines.next(
                "dump " + name + " --from " + Math.max(0, found.sequence() - 20) + " --to " + found.sequence(),
                "report " + name + " -o report.html");
    }
}
