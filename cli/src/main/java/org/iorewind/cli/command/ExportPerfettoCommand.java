package org.iorewind.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.analyze.export.PerfettoExport;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.output.Destination;
import org.iorewind.cli.output.OutputFile;
import org.iorewind.trace.TraceReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code iorewind export perfetto TRACE -o FILE}. */
@Command(
        name = "perfetto",
        header = "Write a replay as a trace for Perfetto's viewer.",
        description = {
            "",
            "Tracks for each IOMMU, ring, device and domain, counters, and the way of each unmapped page: unmap,",
            "invalidation, wait, next mapping of the address.",
            ""
        })
final class ExportPerfettoCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Option(names = "-o", required = true, paramLabel = "FILE", description = "The file to make.")
    private Path target = Path.of("");

    @Mixin
    private ProfileOption profile = new ProfileOption();

    @Mixin
    private ForceOption output = new ForceOption();

    ExportPerfettoCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        Destination.refuseInput(target, List.of(trace.path));
        try (TraceReader reader = trace.open();
                ProgressLine progress = terminal.progress("replaying", "events");
                OutputFile out = OutputFile.create(target, output.force)) {
            PerfettoExport.write(reader, profile.options().withProgress(progress), out.stream());
            out.finish();
        }
        terminal.note("made " + target);
        return ExitCode.OK;
    }
}
