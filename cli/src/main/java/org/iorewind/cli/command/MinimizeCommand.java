package org.iorewind.cli.command;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.bisect.Minimization;
import org.iorewind.cli.bisect.MinimizeOutcome;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.json.MinimizeJson;
import org.iorewind.cli.output.Destination;
import org.iorewind.cli.output.OutputFile;
import org.iorewind.cli.output.TraceTarget;
import org.iorewind.cli.record.EndSignals;
import org.iorewind.cli.view.MinimizeView;
import org.iorewind.replay.minimize.Minimizer;
import org.iorewind.replay.minimize.Selection;
import org.iorewind.replay.predicate.FilterException;
import org.iorewind.replay.predicate.StatePredicate;
import org.iorewind.samples.scenario.ScenarioMinimizer;
import org.iorewind.samples.workload.ScenarioReader;
import org.iorewind.samples.workload.StepScenario;
import org.iorewind.samples.workload.StepWriter;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.json.JsonLinesExporter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code iorewind minimize TRACE}. */
@Command(
        name = "minimize",
        header = "Make the smallest trace that still shows something.",
        description = {
            "",
            "Leaves out events, in groups that belong together, as long as what is left still shows it:",
            "  iorewind minimize boot.iorw --keep 'faults > 0' -o small.iorw",
            "  iorewind minimize boot.iorw --script './is-bad.sh \"$1\"' -o small.iorw --jsonl small.jsonl",
            "The same as a scenario, which says step by step what happens and can be edited and recorded again:",
            "  iorewind minimize boot.iorw --keep 'faults > 0' -o small.iorw --scenario small.json",
            "  iorewind record sample --scenario small.json -o again.iorw",
            "Ctrl-C ends it with the best so far.",
            ""
        })
final class MinimizeCommand implements Callable<Integer> {
    private static final int LONGEST_STORY = 900;

    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Option(
            names = "--keep",
            paramLabel = "CEL",
            description = "What must still hold after some event: a predicate as for 'bisect --first'.")
    private @Nullable String keep;

    @Option(
            names = "--script",
            paramLabel = "CMD",
            description = "A command for the shell that is asked instead. $1 and IOREWIND_TRACE are a trace; it exits"
                    + " with 1 to 127 if that still shows it, with 0 if not, with 125 if it cannot tell; with more to"
                    + " give up.")
    private @Nullable String script;

    @Option(
            names = "-o",
            paramLabel = "OUT",
            required = true,
            description = "The trace to make: an archive if the name ends in .iorw, else a journal directory.")
    private Path target = Path.of("");

    @Option(names = "--jsonl", paramLabel = "FILE", description = "Write its events as JSON Lines too, to be edited.")
    private @Nullable Path jsonl;

    @Option(
            names = "--scenario",
            paramLabel = "FILE.json",
            description = "Write the smallest scenario that shows it too, for 'record sample --scenario'.")
    private @Nullable Path scenario;

    @Option(names = "--max-replays", paramLabel = "N", description = "Try so often at most. Default: ${DEFAULT-VALUE}.")
    private long mostReplays = 5000;

    @Mixin
    private ProfileOption profile = new ProfileOption();

    @Mixin
    private ForceOption output = new ForceOption();

    @Mixin
    private JsonOption result = new JsonOption();

    MinimizeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if ((keep == null) == (script == null)) {
            throw new UsageException("minimize: expected either --keep CEL or --script CMD");
        }
        if (mostReplays < 1) {
            throw new UsageException("--max-replays: expected 1 or more, found: " + mostReplays);
        }
        Destination.refuseInput(target, List.of(trace.path));
        TraceTarget.check(target, output.force);
        checkTexts();
        String asked = String.valueOf(keep == null ? script : keep);
        MinimizeOutcome outcome = minimize(asked);
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                MinimizeJson.write(json, trace.path.toString(), keep == null ? "script" : "predicate", outcome);
            }
        } else {
            MinimizeView.print(outcome, keep != null, terminal);
        }
        return outcome.trace().isPresent() ? ExitCode.FOUND : ExitCode.OK;
    }

    private void checkTexts() throws IOException {
        for (Path text : Stream.of(jsonl, scenario).filter(Objects::nonNull).toList()) {
            Destination.refuseInput(text, List.of(trace.path));
            Destination.file(text, output.force);
        }
    }

    private MinimizeOutcome minimize(String asked) throws IOException {
        StatePredicate predicate = predicate();
        try (TraceReader reader = trace.open();
                ProgressLine progress = terminal.progress("minimizing", "replays")) {
            Minimization minimization = new Minimization(
                    reader,
                    profile.options().withProgress(progress),
                    mostReplays,
                    predicate,
                    String.valueOf(script),
                    terminal);
            EndSignals signals = EndSignals.handle(minimization::stop);
            try {
                Optional<Minimizer.Result> found = minimization.trace();
                Optional<ScenarioMinimizer.Result> steps = Optional.empty();
                if (found.isPresent() && scenario != null) {
                    steps = minimization.scenario(found.get().selection(), name(scenario), story(asked, found.get()));
                }
                if (found.isPresent()) {
                    write(found.get().selection());
                }
                if (steps.isPresent()) {
                    write(steps.get().scenario());
                }
                return new MinimizeOutcome(asked, found, target, jsonl, scenario, steps);
            } finally {
                signals.ended();
            }
        }
    }

    /** The file's name, as far as it is one for a scenario. */
    private static String name(Path file) {
        String plain = String.valueOf(file.getFileName()).replaceFirst("\\.json$", "");
        return plain.matches("[a-z0-9-]{3,40}") ? plain : "minimized";
    }

    private String story(String asked, Minimizer.Result found) {
        return PlainText.clip(
                "What is left of " + Notation.count(found.events(), "event") + " where this still "
                        + (keep == null ? "shows it" : "holds") + ": " + asked,
                LONGEST_STORY);
    }

    private @Nullable StatePredicate predicate() {
        try {
            return keep == null ? null : StatePredicate.compile(keep);
        } catch (FilterException e) {
            throw e.of("--keep");
        }
    }

    private void write(Selection selection) {
        try (TraceTarget made = TraceTarget.create(target, output.force)) {
            selection.writeTo(made.appender());
            made.finish();
        }
        if (jsonl != null) {
            try (TraceReader reader = Traces.open(target);
                    OutputFile file = OutputFile.create(jsonl, output.force)) {
                JsonLinesExporter.export(reader, file.stream());
                file.finish();
            }
        }
    }

    private void write(StepScenario steps) throws IOException {
        Path file = Objects.requireNonNull(scenario);
        byte[] text = StepWriter.write(steps).getBytes(UTF_8);
        if (text.length > ScenarioReader.MOST_BYTES || steps.steps().size() > ScenarioReader.MOST_STEPS) {
            throw new UsageException("--scenario: expected up to " + ScenarioReader.MOST_STEPS + " steps in "
                    + ScenarioReader.MOST_BYTES + " bytes, found "
                    + steps.steps().size() + " in " + text.length
                    + "; allow more replays, or cut the trace with split first");
        }
        try (OutputFile out = OutputFile.create(file, output.force)) {
            out.stream().write(text);
            out.finish();
        }
    }
}
