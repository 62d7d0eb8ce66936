package org.iorewind.cli.bisect;

import java.nio.file.Path;
import java.util.Optional;
import org.iorewind.replay.minimize.Minimizer;
import org.iorewind.samples.scenario.ScenarioMinimizer;
import org.jspecify.annotations.Nullable;

/**
 * What is left of a trace, and where it was written.
 *
 * @param asked what had to be shown: a predicate or a script
 * @param trace what is left, empty if even the whole trace does not show it
 * @param output where it is, if there is something
 * @param jsonl where its lines are, if they were asked for
 * @param scenarioFile where the scenario was to be written, if it was asked for
 * @param scenario what was written there; empty if no scenario shows it
 */
public record MinimizeOutcome(
        String asked,
        Optional<Minimizer.Result> trace,
        Path output,
        @Nullable Path jsonl,
        @Nullable Path scenarioFile,
        Optional<ScenarioMinimizer.Result> scenario) {}
