package org.iorewind.cli.view;

import org.iorewind.analyze.gate.Check;
import org.iorewind.analyze.gate.GateResult;
import org.iorewind.analyze.text.Notation;
import org.iorewind.cli.Terminal;

/** What a regression gate found, for people: the regressions, then what was compared. */
public final class GateView {
    private GateView() {}

    /** Prints the result. */
    public static void print(GateResult result, Terminal terminal) {
        Lines lines = new Lines(terminal);
        int worse = result.regressions().size();
        String of = Notation.count(result.checks().size(), "comparison");
        terminal.line(
                worse == 0
                        ? lines.style().good("No regression in " + of)
                        : lines.style().bad(Notation.count(worse, "regression") + " in " + of));
        for (Check check : result.regressions()) {
            lines.paragraph(" - ", check.sentence());
        }
        if (result.divergences() > 0) {
            lines.paragraph(
                    " ! ",
                    "Recordings and model disagree in " + Notation.count(result.divergences(), "place")
                            + ": counts of replays are not wholly what happened.");
        }
        lines.heading("Compared");
        for (Check check : result.checks()) {
            lines.fact(check.change(), check.name());
        }
    }
}
