package org.iorewind.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.json.SamplesJson;
import org.iorewind.cli.output.OutputFile;
import org.iorewind.cli.view.SamplesView;
import org.iorewind.samples.Capture;
import org.iorewind.samples.Captures;
import org.iorewind.samples.Sample;
import org.iorewind.samples.scenario.Scenario;
import org.iorewind.samples.scenario.Scenarios;
import org.iorewind.samples.scenario.WorkloadWork;
import org.iorewind.samples.workload.WorkloadWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code iorewind samples}. */
@Command(
        name = "samples",
        header = "List what there is to learn from: scenarios to record, and captures of real machines.",
        description = {
            "",
            "A scenario is recorded with 'iorewind record sample NAME -o TRACE'; a capture is written with -o: a sealed"
                    + " archive, which every command reads, or a log of QEMU to import. With NAME: its story, what to look"
                    + " for, the commands that find it, and of a capture how it was made and what it cannot show.",
            "Example: what is there to see when a driver forgets to flush?",
            "  iorewind samples bug-no-flush",
            "Example: a Linux that was recorded live, and what it did when a device used bad addresses:",
            "  iorewind samples q11-linux612-fault-tap -o fault.iorw",
            "  iorewind explain fault.iorw",
            "Example: a workload as a file, to be changed and recorded with 'iorewind record sample --scenario':",
            "  iorewind samples noisy-neighbour --workload",
            ""
        })
final class SamplesCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "NAME", arity = "0..1", description = "The sample to tell of. Default: all.")
    private @Nullable String name;

    @Option(names = "--tag", paramLabel = "TAG", description = "Only samples with this tag.")
    private @Nullable String tag;

    @Option(names = "--workload", description = "Print the workload NAME in its JSON form (docs/scenarios.md).")
    private boolean workload;

    @Option(
            names = "-o",
            paramLabel = "FILE",
            description = "Write the capture NAME, byte for byte, as it was made: FILE ends in .iorw or .log.zst.")
    private @Nullable Path target;

    @Mixin
    private ForceOption output = new ForceOption();

    @Mixin
    private JsonOption result = new JsonOption();

    SamplesCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        List<Sample> samples = chosen();
        if (workload) {
            terminal.out().print(describedWorkload(samples));
        } else if (target != null) {
            copy(samples, target);
        } else if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                SamplesJson.write(json, samples);
            }
        } else if (name != null) {
            SamplesView.print(terminal, samples.get(0));
        } else {
            SamplesView.print(terminal, samples);
        }
        return ExitCode.OK;
    }

    private List<Sample> chosen() {
        List<Sample> chosen = Sample.list().stream()
                .filter(sample -> name == null || sample.name().equals(name))
                .filter(sample -> tag == null || sample.tags().contains(tag))
                .toList();
        if (chosen.isEmpty()) {
            throw new UsageException(
                    tag == null
                            ? "NAME: expected a sample, found: " + name + "; 'iorewind samples' lists them"
                            : "--tag: expected one of "
                                    + String.join(
                                            ", ",
                                            new TreeSet<>(Sample.list().stream()
                                                    .flatMap(sample -> sample.tags().stream())
                                                    .toList()))
                                    + ", found: " + tag);
        }
        return chosen;
    }

    private void copy(List<Sample> samples, Path file) throws IOException {
        Sample sample = samples.get(0);
        Capture capture = Captures.named(name == null ? "" : name)
                .orElseThrow(() -> new UsageException("-o: expected NAME of a capture, found: "
                        + (name == null
                                ? "none"
                                : name + ", a scenario: '" + sample.commands().get(0) + "'")));
        String ending = capture.form().ending();
        if (!file.toString().endsWith(ending)) {
            throw new UsageException(
                    "-o: expected a name that ends in " + ending + ", as " + capture.file() + " does, found: " + file);
        }
        try (OutputFile written = OutputFile.create(file, output.force)) {
            capture.copyTo(written.stream());
            written.finish();
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                json.text("name", capture.name()).text("file", file.toString());
            }
        } else {
            SamplesView.printCopied(terminal, sample, capture.file(), file);
        }
    }

    private String describedWorkload(List<Sample> samples) {
        if (name != null
                && Scenarios.named(samples.get(0).name()).map(Scenario::work).orElse(null)
                        instanceof WorkloadWork work) {
            return WorkloadWriter.write(work.workload());
        }
        throw new UsageException(
                "--workload: expected NAME of a sample with the tag workload that 'iorewind record sample"
                        + " --on' takes too, found: " + (name == null ? "none" : name));
    }
}
