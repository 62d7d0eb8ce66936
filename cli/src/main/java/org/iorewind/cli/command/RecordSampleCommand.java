package org.iorewind.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.output.TraceTarget;
import org.iorewind.replay.Words;
import org.iorewind.samples.scenario.Scenario;
import org.iorewind.samples.scenario.ScenarioRecorder;
import org.iorewind.samples.scenario.ScenarioRecorder.Recorded;
import org.iorewind.samples.scenario.Scenarios;
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
            ""
        })
final class RecordSampleCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "NAME", description = "The scenario.")
    private String name = "";

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

    @Mixin
    private ForceOption output = new ForceOption();

    @Mixin
    private JsonOption result = new JsonOption();

    RecordSampleCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Scenario scenario = Scenarios.named(name)
                .orElseThrow(() -> new UsageException("NAME: expected a scenario, one of "
                        + Scenarios.list().stream().map(Scenario::name).collect(Collectors.joining(", ")) + ", found: "
                        + name));
        Recorded recorded;
        try (TraceTarget trace = TraceTarget.create(target, output.force)) {
            recorded = ScenarioRecorder.record(scenario, seed, trace.appender());
            trace.finish();
        }
        String hash = Words.hex16(recorded.stateHash());
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                json.text("name", name).number("seed", seed).number("events", recorded.events());
                json.text("stateHash", hash).text("trace", target.toString());
            }
        } else {
            terminal.line(scenario.story());
            terminal.line(terminal.made(target, recorded.events()) + ", state hash " + hash);
        }
        return ExitCode.OK;
    }
}
