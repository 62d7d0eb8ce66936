package org.iorewind.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.output.TraceTarget;
import org.iorewind.replay.Words;
import org.iorewind.samples.scenario.Scenario;
import org.iorewind.samples.scenario.ScenarioRecorder;
import org.iorewind.samples.scenario.ScenarioRecorder.Recorded;
import org.iorewind.samples.scenario.Scenarios;
import org.iorewind.samples.scenario.WorkloadWork;
import org.iorewind.samples.workload.Backend;
import org.iorewind.samples.workload.Description;
import org.iorewind.samples.workload.ScenarioReader;
import org.iorewind.samples.workload.StepScenario;
import org.iorewind.samples.workload.Workload;
import org.iorewind.samples.workload.WorkloadException;
import org.iorewind.trace.EventAppender;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code iorewind record sample NAME -o TRACE}. */
@Command(
        name = "sample",
        header = "Record a scenario: modelled software and devices around a modelled IOMMU.",
        description = {
            "",
            "'iorewind samples' lists the names. The same name and seed give the same trace, byte by byte.",
            "Example: what does the driver of a host do first?",
            "  iorewind record sample base-boot -o boot.iorw",
            "  iorewind dump boot.iorw --filter \"kind == 'MmioWrite'\"",
            "Example: the same work with a software vIOMMU, and a trace of ten million events:",
            "  iorewind record sample policy-strict --on sw -o sw.iorw",
            "  iorewind record sample mix --events 1e7 --seed 7 -o large.iorw",
            ""
        })
final class RecordSampleCommand implements Callable<Integer> {
    private static final BigDecimal MOST_EVENTS = BigDecimal.valueOf(1_000_000_000_000L);

    private static final int LONGEST_STORY = 1000;

    private final Terminal terminal;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "The scenario; with --scenario none.")
    private @Nullable String name;

    @Option(
            names = "--scenario",
            paramLabel = "FILE.json",
            description = "Record the workload, or the steps, that this file describes (docs/scenarios.md).")
    private @Nullable Path file;

    @Option(
            names = "-o",
            paramLabel = "TRACE",
            required = true,
            description = "The trace to make: an archive if the name ends in .iorw, else a journal directory.")
    private Path target = Path.of("");

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Decides all chance in the scenario, where there is any. Default: ${DEFAULT-VALUE}.")
    private long seed = 1;

    @Option(
            names = "--on",
            paramLabel = "KIND",
            description = "Of a workload: what stands behind the guests' devices, sw (software vIOMMU), hw (hardware"
                    + " vIOMMU) or hybrid (both). Default: hw.")
    private @Nullable String on;

    @Option(
            names = "--events",
            paramLabel = "N",
            description = "Of a workload: begin it again until there are N events, 1 to 1e12; 1e7 is a number too.")
    private @Nullable String events;

    @Mixin
    private ForceOption output = new ForceOption();

    @Mixin
    private JsonOption result = new JsonOption();

    RecordSampleCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if ((name == null) == (file == null)) {
            throw new UsageException("expected NAME or --scenario FILE.json, found "
                    + (name == null ? "neither" : "both") + "; 'iorewind samples' lists the names");
        }
        if (file == null) {
            return record(named(String.valueOf(name)));
        }
        Description described = read(file);
        return described instanceof StepScenario steps
                ? record(steps)
                : record(Scenario.of((Workload) described, Backend.HW));
    }

    private int record(Scenario plain) throws IOException {
        Scenario scenario = onBackend(plain);
        long wanted = events == null ? 0 : number(events);
        return made(scenario.name(), scenario.story(), store -> record(scenario, wanted, store));
    }

    private int record(StepScenario steps) throws IOException {
        if (on != null || events != null) {
            throw new UsageException(
                    (on == null ? "--events" : "--on") + ": expected a workload, found steps, in " + file);
        }
        return made(steps.name(), steps.story(), store -> ScenarioRecorder.record(steps, store));
    }

    /** Makes the trace, and tells of it. */
    private int made(String recording, String story, Function<EventAppender, Recorded> work) throws IOException {
        Recorded recorded;
        try (TraceTarget trace = TraceTarget.create(target, output.force)) {
            recorded = work.apply(trace.appender());
            trace.finish();
        }
        String hash = Words.hex16(recorded.stateHash());
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                json.text("name", recording).number("seed", seed).number("events", recorded.events());
                json.text("stateHash", hash).text("trace", target.toString());
            }
        } else {
            terminal.line(PlainText.clip(story, LONGEST_STORY));
            terminal.line(terminal.made(target, recorded.events()) + ", state hash " + hash);
        }
        return ExitCode.OK;
    }

    private Recorded record(Scenario scenario, long wanted, EventAppender store) {
        if (wanted == 0 || !(scenario.work() instanceof WorkloadWork work)) {
            return ScenarioRecorder.record(scenario, seed, store);
        }
        try (ProgressLine progress = terminal.progress("recording", "events")) {
            return ScenarioRecorder.record(scenario.name(), work, seed, wanted, store, progress);
        }
    }

    /** A workload, on the backend that was asked for; anything else as it is. */
    private Scenario onBackend(Scenario scenario) {
        if (scenario.work() instanceof WorkloadWork work) {
            return on == null ? scenario : Scenario.of(work.workload(), backend(on));
        }
        if (on != null || events != null) {
            throw new UsageException((on == null ? "--events" : "--on") + ": expected a workload, one of "
                    + Scenarios.list().stream()
                            .filter(any -> any.work() instanceof WorkloadWork)
                            .map(Scenario::name)
                            .collect(Collectors.joining(", "))
                    + ", or a file (--scenario), found: " + scenario.name());
        }
        return scenario;
    }

    private static Scenario named(String name) {
        return Scenarios.named(name)
                .orElseThrow(() -> new UsageException("NAME: expected a scenario, one of "
                        + Scenarios.list().stream().map(Scenario::name).collect(Collectors.joining(", ")) + ", found: "
                        + name));
    }

    private static Description read(Path file) throws IOException {
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(ScenarioReader.MOST_BYTES + 1);
        }
        try {
            return ScenarioReader.read(bytes);
        } catch (WorkloadException e) {
            throw new UsageException(file + ": " + e.getMessage() + "; docs/scenarios.md describes the form");
        }
    }

    private static Backend backend(String word) {
        for (Backend backend : Backend.values()) {
            if (backend.name().toLowerCase(Locale.ROOT).equals(word)) {
                return backend;
            }
        }
        throw new UsageException("--on: expected one of sw, hw, hybrid, found: " + word);
    }

    /** A whole number, also one with an exponent. */
    private static long number(String text) {
        try {
            BigDecimal number = new BigDecimal(text);
            boolean isShort = text.length() <= 20 && Math.abs(number.scale()) <= 20;
            if (isShort && number.signum() > 0 && number.compareTo(MOST_EVENTS) <= 0) {
                return number.longValueExact();
            }
        } catch (ArithmeticException | NumberFormatException e) {
            // told below
        }
        throw new UsageException("--events: expected a whole number from 1 to 1e12, found: " + text);
    }
}
