package org.iorewind.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.output.Destination;
import org.iorewind.cli.output.PartTargets;
import org.iorewind.cli.output.TraceTarget;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.edit.TraceSplit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code iorewind split TRACE -o FILE.iorw}. */
@Command(
        name = "split",
        header = "Cut a trace into parts that are traces by themselves.",
        description = {
            "",
            "Every part but the first says that its past is unknown, and how many events came before it.",
            "Examples: a million events in each part; two parts, cut at 12.5 s:",
            "  iorewind split boot.iorw -o part.iorw --every 1000000",
            "  iorewind split boot.iorw -o part.iorw --at-time 12.5",
            ""
        })
final class SplitCommand implements Callable<Integer> {
    private static final double NS_PER_SECOND = 1e9;

    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Option(
            names = "-o",
            paramLabel = "FILE.iorw",
            required = true,
            description = "Name of the parts: FILE-1.iorw, FILE-2.iorw, ...")
    private Path target = Path.of("");

    @Option(names = "--every", paramLabel = "N", description = "A new part after so many events.")
    private @Nullable Long every;

    @Option(names = "--at", paramLabel = "SEQ", split = ",", description = "A new part at each sequence number.")
    private List<Long> at = new ArrayList<>();

    @Option(
            names = "--at-time",
            paramLabel = "SECONDS",
            split = ",",
            description = "A new part at the first event at or behind each time.")
    private List<Double> atTime = new ArrayList<>();

    @Mixin
    private ForceOption output = new ForceOption();

    @Mixin
    private JsonOption result = new JsonOption();

    SplitCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        TraceSplit.Cut cut = cut();
        if (!TraceTarget.isArchive(target)) {
            throw new UsageException("-o: expected a name that ends in .iorw, found: " + target);
        }
        List<Path> parts;
        try (TraceReader reader = trace.open();
                ProgressLine progress = terminal.progress("splitting", "events");
                PartTargets targets = new PartTargets(target, output.force)) {
            Destination.refuseInput(targets.name(1), List.of(trace.path));
            TraceSplit.split(reader, cut, targets::begin, progress);
            parts = targets.made();
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                json.texts("parts", parts.stream().map(Path::toString).toList());
            }
        } else {
            parts.forEach(part -> terminal.line(part.toString()));
        }
        return ExitCode.OK;
    }

    private TraceSplit.Cut cut() {
        int given = (every == null ? 0 : 1) + (at.isEmpty() ? 0 : 1) + (atTime.isEmpty() ? 0 : 1);
        if (given != 1) {
            throw new UsageException("expected one of --every, --at, --at-time, found " + given);
        }
        Long events = every;
        if (events != null) {
            if (events < 1) {
                throw new UsageException("--every: expected 1 or more, found: " + events);
            }
            return TraceSplit.every(events);
        }
        long[] cuts = at.isEmpty()
                ? atTime.stream()
                        .mapToLong(seconds -> Math.round(seconds * NS_PER_SECOND))
                        .toArray()
                : at.stream().mapToLong(Long::longValue).toArray();
        for (int i = 1; i < cuts.length; i++) {
            if (cuts[i] <= cuts[i - 1]) {
                throw new UsageException("expected ascending places to cut, found: " + Arrays.toString(cuts));
            }
        }
        return at.isEmpty() ? TraceSplit.atTimes(cuts) : TraceSplit.atSequences(cuts);
    }
}
