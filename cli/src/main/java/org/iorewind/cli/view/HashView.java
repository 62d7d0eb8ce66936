package org.iorewind.cli.view;

import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.bisect.FoundEvent;
import org.iorewind.cli.bisect.HashResult;
import org.iorewind.cli.bisect.OtherBuild;
import org.iorewind.replay.bisect.StateHashes.Comparison;
import org.iorewind.replay.checkpoint.CheckpointKey;

/** Where the states of two builds differ, for people. */
public final class HashView {
    private HashView() {}

    /** Prints it. */
    public static void print(String trace, HashResult result, Terminal terminal) {
        Lines lines = new Lines(terminal);
        Comparison found = result.comparison();
        FoundEvent event = result.event();
        if (found.firstUnlike() < 0) {
            lines.paragraph(
                    "", "No difference: " + Notation.count(found.compared(), "state") + " compared" + outcomes(found));
            return;
        }
        if (result.modelVersion() >= 0 && result.modelVersion() != CheckpointKey.MODEL_VERSION) {
            lines.paragraph(
                    "",
                    "The other build keeps states of version " + result.modelVersion() + ", this one of version "
                            + CheckpointKey.MODEL_VERSION
                            + ": they have other parts, and may differ from the first event on without meaning anything.");
        }
        if (event != null) {
            lines.paragraph(
                    "",
                    "Event " + event.sequence()
                            + (found.isStateUnlike()
                                    ? " is the first that leads to another state:"
                                    : " is the first with another outcome; the states are alike:"));
            lines.line(event.line());
            lines.next("debug " + ShellWord.quote(trace) + " --at " + event.sequence());
            return;
        }
        lines.paragraph(
                "",
                (found.isStateUnlike() ? "The states differ" : "The outcomes differ, and the states do not,")
                        + " behind event " + found.firstUnlike() + "; "
                        + (found.lastAlike() < 0
                                ? "what was before was not compared."
                                : "they were still alike behind event " + found.lastAlike() + ".")
                        + " To see further, let the other program write hashes from there:");
        lines.next("index " + ShellWord.quote(trace) + " --hashes finer.txt --from " + OtherBuild.from(found) + " --to "
                + found.firstUnlike() + " --every " + OtherBuild.every(found) + " --force");
    }

    private static String outcomes(Comparison found) {
        return found.outcomesCompared() == found.compared()
                ? ", and all that was answered, stored, logged and signalled up to there."
                : "; the other build says nothing of outcomes that leave no trace in them.";
    }
}
