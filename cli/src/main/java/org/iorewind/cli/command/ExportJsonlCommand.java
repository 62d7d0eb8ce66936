package org.iorewind.cli.command;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.output.Destination;
import org.iorewind.cli.output.OutputFile;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.json.JsonLinesExporter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code iorewind export jsonl TRACE [-o FILE]}. */
@Command(
        name = "jsonl",
        header = "Write all events as JSON Lines: one JSON object per event, nothing lost.",
        description = {"", "Importing the lines again gives the same archive, byte for byte.", ""})
final class ExportJsonlCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";

    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Option(
            names = "-o",
            paramLabel = "FILE",
            description = "The file to make. Without it, or with -: standard output.")
    private @Nullable Path target;

    @Mixin
    private ForceOption output = new ForceOption();

    ExportJsonlCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        Path file = target;
        try (TraceReader reader = trace.open()) {
            if (file == null || STANDARD_OUTPUT.equals(file.toString())) {
                JsonLinesExporter.export(reader, terminal.out());
                return ExitCode.OK;
            }
            Destination.refuseInput(file, List.of(trace.path));
            try (OutputFile out = OutputFile.create(file, output.force)) {
                JsonLinesExporter.export(reader, out.stream());
                out.finish();
            }
        }
        terminal.note("made " + file);
        return ExitCode.OK;
    }
}
