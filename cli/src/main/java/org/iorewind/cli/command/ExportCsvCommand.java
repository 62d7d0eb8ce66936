package org.iorewind.cli.command;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.analyze.export.CsvWriter;
import org.iorewind.analyze.export.EventTables;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.output.Destination;
import org.iorewind.cli.output.OutputFile;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code iorewind export csv TRACE --table NAME [-o FILE]}. */
@Command(
        name = "csv",
        header = "Write one table of a trace as CSV: events of a kind, findings, devices, domains, ...",
        description = {"", "Without --table it is the table of all events.", ""})
final class ExportCsvCommand implements Callable<Integer> {
    private static final String STANDARD_OUTPUT = "-";

    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Option(names = "--table", paramLabel = "NAME", description = "Which table; a wrong name lists them all.")
    private String table = EventTables.ALL;

    @Option(
            names = "-o",
            paramLabel = "FILE",
            description = "The file to make. Without it, or with -: standard output.")
    private @Nullable Path target;

    @Mixin
    private ProfileOption profile = new ProfileOption();

    @Mixin
    private ForceOption output = new ForceOption();

    ExportCsvCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        TableChoice choice = TableChoice.of("export csv", table);
        Path file = target;
        try (TraceReader reader = trace.open()) {
            if (file == null || STANDARD_OUTPUT.equals(file.toString())) {
                write(choice, reader, terminal.out());
                return ExitCode.OK;
            }
            Destination.refuseInput(file, List.of(trace.path));
            try (OutputFile out = OutputFile.create(file, output.force)) {
                write(choice, reader, out.stream());
                out.finish();
            }
        }
        terminal.note("made " + file);
        return ExitCode.OK;
    }

    private void write(TableChoice choice, TraceReader reader, OutputStream out) throws IOException {
        choice.write(reader, profile, terminal, true, (name, columns) -> new CsvWriter(columns, out));
    }
}
