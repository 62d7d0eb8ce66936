package org.iorewind.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.json.ClockLinksJson;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.output.Destination;
import org.iorewind.cli.output.TraceTarget;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.align.ClockAlignment;
import org.iorewind.trace.align.ClockLink;
import org.iorewind.trace.edit.TraceMerge;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code iorewind merge TRACE... -o TRACE}. */
@Command(
        name = "merge",
        header = "Merge traces of several sources of one machine, by time.",
        description = {
            "",
            "The first TRACE leads: the profile, the registers and the fidelity are its own.",
            "Example: what QEMU traced, and what the guest's driver did meanwhile, by the guest's own clock:",
            "  iorewind merge qemu.iorw driver.iorw -o both.iorw --align auto",
            ""
        })
final class MergeCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(paramLabel = "TRACE", arity = "1..*", description = "Journal directories or archives (.iorw).")
    private List<Path> traces = new ArrayList<>();

    @Option(
            names = "-o",
            paramLabel = "TRACE",
            required = true,
            description = "The trace to make: an archive if the name ends in .iorw, else a journal directory.")
    private Path target = Path.of("");

    @Mixin
    private AlignOption align = new AlignOption();

    @Mixin
    private ForceOption output = new ForceOption();

    @Mixin
    private JsonOption result = new JsonOption();

    MergeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        align.check(traces.size());
        Destination.refuseInput(target, traces);
        List<TraceReader> readers = new ArrayList<>();
        long events;
        List<ClockLink> links;
        try {
            for (Path trace : traces) {
                TraceParameter.requireExisting(trace, "a journal directory or an archive (.iorw)");
                readers.add(Traces.open(trace));
            }
            ClockAlignment clocks = align.of(readers);
            links = clocks.links();
            try (TraceTarget made = TraceTarget.create(target, output.force);
                    ProgressLine progress = terminal.progress("merging", "events")) {
                events = TraceMerge.merge(readers, clocks, made.appender(), progress);
                made.finish();
            }
        } finally {
            readers.forEach(TraceReader::close);
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                json.text("trace", target.toString()).number("events", events);
                json.number("sources", traces.size());
                ClockLinksJson.write(json, traces.stream().map(Path::toString).toList(), links);
            }
        } else {
            terminal.line(terminal.made(target, events));
            for (ClockLink link : links) {
                terminal.line("  [" + (link.other() + 1) + "] " + ClockAlignment.sentence(link));
            }
        }
        return ExitCode.OK;
    }
}
