package org.iorewind.cli.view;

import java.nio.file.Path;
import org.iorewind.analyze.text.Notation;
import org.iorewind.cli.Terminal;
import org.iorewind.trace.edit.TraceRepair;

/** What became of a trace that was made of another. */
public final class EditView {
    private EditView() {}

    /** What was saved, and what was not. */
    public static void print(Path made, TraceRepair.Result repaired, Terminal terminal) {
        Lines lines = new Lines(terminal);
        terminal.line(terminal.made(made, repaired.events()));
        if (repaired.gaps() == 0) {
            lines.fact("lost", "nothing: every event is there");
            return;
        }
        lines.fact("holes", Notation.count(repaired.gaps()));
        String more = repaired.lostUnknown() ? ", and perhaps more behind the last one" : "";
        lines.fact("lost", Notation.count(repaired.lost(), "event") + more);
        lines.next("dump " + made + " --filter \"kind == 'Gap'\"");
    }

    /** What was left out. */
    public static void printRedacted(Path made, long leftOut, Terminal terminal) {
        Lines lines = new Lines(terminal);
        lines.line("made " + made);
        if (leftOut > 0) {
            lines.fact("left out", Notation.count(leftOut, "event") + " of types that this version does not know");
        }
        lines.fact(
                "still there", "types and times of events, devices, sizes, offsets in pages: look before you publish");
    }
}
