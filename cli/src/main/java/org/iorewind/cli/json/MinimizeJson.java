package org.iorewind.cli.json;

import java.io.IOException;
import org.iorewind.cli.bisect.MinimizeOutcome;
import org.iorewind.replay.minimize.Minimizer;
import org.iorewind.samples.scenario.ScenarioMinimizer;

/** What is left of a trace. */
public final class MinimizeJson {
    private MinimizeJson() {}

    /**
     * Writes the fields.
     *
     * @param what name of what was asked: {@code predicate} or {@code script}
     * @throws IOException from the stream
     */
    public static void write(JsonDocument document, String trace, String what, MinimizeOutcome outcome)
            throws IOException {
        document.text("trace", trace)
                .text(what, outcome.asked())
                .flag("found", outcome.trace().isPresent());
        if (outcome.trace().isEmpty()) {
            return;
        }
        Minimizer.Result result = outcome.trace().get();
        document.text("output", outcome.output().toString());
        if (outcome.jsonl() != null) {
            document.text("jsonl", outcome.jsonl().toString());
        }
        document.number("events", result.events())
                .number("kept", result.selection().events());
        document.number("replays", result.replays()).flag("minimal", result.isMinimal());
        if (outcome.scenarioFile() != null) {
            document.flag("scenarioFound", outcome.scenario().isPresent());
        }
        if (outcome.scenarioFile() != null && outcome.scenario().isPresent()) {
            ScenarioMinimizer.Result scenario = outcome.scenario().get();
            document.text("scenario", outcome.scenarioFile().toString())
                    .number("steps", scenario.scenario().steps().size())
                    .flag("scenarioMinimal", scenario.isMinimal());
        }
    }
}
