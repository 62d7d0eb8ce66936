package org.iorewind.cli.command;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.output.Destination;
import org.iorewind.cli.output.TraceTarget;
import org.iorewind.trace.json.JsonLinesImporter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code iorewind import jsonl FILE -o TRACE}. */
@Command(
        name = "jsonl",
        header = "Import events as JSON Lines, as 'export jsonl' writes them.",
        description = {"", "Export, edit, import: a trace made this way is as good as a recorded one.", ""})
final class ImportJsonlCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    private final Terminal terminal;

    @Parameters(paramLabel = "FILE", description = "One event per line; - is standard input.")
    private String file = "";

    @Option(
            names = "-o",
            paramLabel = "TRACE",
            required = true,
            description = "The trace to make: an archive if the name ends in .iorw, else a journal directory.")
    private Path target = Path.of("");

    @Mixin
    private ForceOption output = new ForceOption();

    @Mixin
    private JsonOption result = new JsonOption();

    ImportJsonlCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (STANDARD_INPUT.equals(file)) {
            return run(terminal.in(), "standard input");
        }
        Path path = TraceParameter.input(file, "a file of JSON Lines");
        Destination.refuseInput(target, List.of(path));
        try (InputStream in = Files.newInputStream(path)) {
            return run(in, file);
        }
    }

    private int run(InputStream in, String name) throws IOException {
        long events;
        try (TraceTarget trace = TraceTarget.create(target, output.force)) {
            events = JsonLinesImporter.importTo(in, name, trace.appender());
            trace.finish();
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                json.number("events", events).text("trace", target.toString());
            }
        } else {
            terminal.line(terminal.made(target, events));
        }
        return ExitCode.OK;
    }
}
