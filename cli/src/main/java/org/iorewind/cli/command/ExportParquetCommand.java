package org.iorewind.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.analyze.export.ParquetWriter;
import org.iorewind.analyze.text.Notation;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.output.OutputFile;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code iorewind export parquet TRACE -o DIR}. */
@Command(
        name = "parquet",
        header = "Write a trace as Parquet: a table for each kind of event, and what the analysis found.",
        description = {"", "For DuckDB, pandas and the like. Files get their names when all of them are whole.", ""})
final class ExportParquetCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Option(
            names = "-o",
            required = true,
            paramLabel = "DIR",
            description = "The folder for the files; is made if it is not there.")
    private Path folder = Path.of("");

    @Option(names = "--table", paramLabel = "NAME", description = "Only this table; a wrong name lists them all.")
    private @Nullable String table;

    @Mixin
    private ProfileOption profile = new ProfileOption();

    @Mixin
    private ForceOption output = new ForceOption();

    ExportParquetCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws Exception {
        String only = table;
        TableChoice choice = only == null ? TableChoice.everything() : TableChoice.of("export parquet", only);
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw new UsageException(
                    "export parquet: expected a folder, or a name for a new one; found a file: " + folder);
        }
        List<OutputFile> files = new ArrayList<>();
        try (TraceReader reader = trace.open()) {
            Files.createDirectories(folder);
            choice.write(reader, profile, terminal, only != null, (name, columns) -> {
                OutputFile file = OutputFile.create(folder.resolve(name + ".parquet"), output.force);
                files.add(file);
                return new ParquetWriter(name, columns, file.stream());
            });
            for (OutputFile file : files) {
                file.finish();
            }
        } finally {
            close(files);
        }
        terminal.note("made " + Notation.count(files.size(), "table") + " in " + folder);
        return ExitCode.OK;
    }

    private static void close(List<OutputFile> files) throws IOException {
        for (OutputFile file : files) {
            file.close();
        }
    }
}
