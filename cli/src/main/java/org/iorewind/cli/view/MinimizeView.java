package org.iorewind.cli.view;

import java.nio.file.Path;
import java.util.Optional;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.cli.Terminal;
import org.iorewind.replay.minimize.Minimizer;

/** What is left of a trace, for people. */
public final class MinimizeView {
    private static final int TEXT_LIMIT = 500;

    private MinimizeView() {}

    /** Prints it. */
    public static void print(
            String asked, Optional<Minimizer.Result> found, Path target, boolean isPredicate, Terminal terminal) {
        Lines lines = new Lines(terminal);
        String words = PlainText.clip(asked, TEXT_LIMIT);
        if (found.isEmpty()) {
            lines.paragraph("", "Nothing to keep: even the whole trace does not show it: " + words);
            return;
        }
        Minimizer.Result result = found.get();
        lines.line(terminal.made(target, result.selection().events()) + " of " + Notation.count(result.events())
                + " are enough: " + words);
        lines.fact("tried", Notation.count(result.replays(), "replay"));
        lines.fact(
                "smaller?",
                result.isMinimal()
                        ? "no: without any group of events that belong together it does not show any more"
                        : "maybe: it was stopped before all was tried");
        String name = ShellWord.quote(target.toString());
        if (isPredicate) {
            lines.next("dump " + name, "bisect " + name + " --first " + ShellWord.quote(asked));
        } else {
            lines.next("dump " + name);
        }
    }
}
