package org.iorewind.cli.view;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.analyze.text.ShellWord;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.bisect.MinimizeOutcome;
import org.iorewind.replay.minimize.Minimizer;
import org.iorewind.samples.scenario.ScenarioMinimizer;

/** What is left of a trace, for people. */
public final class MinimizeView {
    private static final int TEXT_LIMIT = 500;

    private MinimizeView() {}

    /**
     * Prints it.
     *
     * @param isPredicate whether a predicate was asked, not a script
     */
    public static void print(MinimizeOutcome outcome, boolean isPredicate, Terminal terminal) {
        Lines lines = new Lines(terminal);
        String words = PlainText.clip(outcome.asked(), TEXT_LIMIT);
        if (outcome.trace().isEmpty()) {
            lines.paragraph("", "Nothing to keep: even the whole trace does not show it: " + words);
            return;
        }
        Minimizer.Result result = outcome.trace().get();
        lines.line(terminal.made(outcome.output(), result.selection().events()) + " of "
                + Notation.count(result.events()) + " are enough: " + words);
        lines.fact("tried", Notation.count(result.replays(), "replay"));
        lines.fact(
                "smaller?",
                result.isMinimal()
                        ? "no: without any group of events that belong together it does not show any more"
                        : "maybe: it was stopped before all was tried");
        if (outcome.scenarioFile() != null) {
            lines.fact("scenario", scenario(outcome.scenarioFile(), outcome.scenario()));
        }
        String name = ShellWord.quote(outcome.output().toString());
        List<String> next = new ArrayList<>(List.of("dump " + name));
        if (isPredicate) {
            next.add("bisect " + name + " --first " + ShellWord.quote(outcome.asked()));
        }
        if (outcome.scenarioFile() != null && outcome.scenario().isPresent()) {
            next.add("record sample --scenario "
                    + ShellWord.quote(outcome.scenarioFile().toString()) + " -o again.iorw");
        }
        lines.next(next.toArray(String[]::new));
    }

    private static String scenario(Path file, Optional<ScenarioMinimizer.Result> scenario) {
        if (scenario.isEmpty()) {
            return "none: what software and devices did does not show it by itself; it needs what was observed";
        }
        ScenarioMinimizer.Result result = scenario.get();
        return PlainText.clip(file.toString(), TEXT_LIMIT) + ": "
                + Notation.count(result.scenario().steps().size(), "step")
                + (result.isMinimal()
                        ? ", each of them needed"
                        : "; maybe not all are needed: it was stopped before all was tried");
    }
}
