package org.iorewind.cli.view;

import java.nio.file.Path;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.cli.Terminal;
import org.iorewind.record.live.RecordingOutcome;

/** How a recording ended, as text. */
public final class RecordingView {
    private RecordingView() {}

    /** Prints what was recorded, how it ended and what is missing. */
    public static void print(RecordingOutcome outcome, Path trace, Terminal terminal) {
        Lines lines = new Lines(terminal);
        lines.line(lines.style().good(PlainText.clean(trace.toString())) + ": "
                + Notation.count(outcome.status().events(), "event") + " from "
                + Notation.count(outcome.status().lines(), "line"));
        lines.fact("ended", outcome.note());
        lines.fact("gaps", Notation.count(outcome.status().gaps()));
        lines.fact("late readings", Notation.count(outcome.status().lateReadings()));
        lines.fact("profile", outcome.result().profile());
        lines.fact("can miss", outcome.result().contract());
        if (outcome.result().unparsed() > 0) {
            lines.heading(lines.style().odd(Notation.count(outcome.result().unparsed(), "line") + " not understood"));
            for (String example : outcome.result().unparsedExamples()) {
                lines.line("  " + PlainText.clip(example, 200));
            }
        }
        String name = ShellWord.quote(trace.toString());
        lines.next("replay " + name, "report " + name);
    }
}
