package org.iorewind.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.output.Destination;
import org.iorewind.cli.output.SealedCopy;
import org.iorewind.cli.output.TraceTarget;
import org.iorewind.trace.TraceReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code iorewind seal JOURNAL -o FILE.iorw}. */
@Command(
        name = "seal",
        header = "Seal a journal as a portable archive (.iorw).",
        description = {"", "One compressed file that never changes again: the same events give the same bytes.", ""})
final class SealCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Option(names = "-o", paramLabel = "FILE.iorw", required = true, description = "The archive to make.")
    private Path target = Path.of("");

    @Option(
            names = "--checkpoints",
            description = "Put the state before each 262,144th event into the archive, for those who travel in it.")
    private boolean checkpoints;

    @Mixin
    private ForceOption output = new ForceOption();

    @Mixin
    private JsonOption result = new JsonOption();

    SealCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (!TraceTarget.isArchive(target)) {
            throw new UsageException("-o: expected a name that ends in .iorw, found: " + target);
        }
        Destination.refuseInput(target, List.of(trace.path));
        long events;
        try (TraceReader reader = trace.open();
                ProgressLine progress = terminal.progress("sealing", "events")) {
            events = SealedCopy.make(reader, target, output.force, checkpoints, progress);
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                json.text("trace", target.toString()).number("events", events);
                json.number("sizeBytes", target.toFile().length());
            }
        } else {
            terminal.line(terminal.made(target, events));
        }
        return ExitCode.OK;
    }
}
