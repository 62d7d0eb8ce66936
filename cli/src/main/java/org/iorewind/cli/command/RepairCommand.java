package org.iorewind.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.output.Destination;
import org.iorewind.cli.output.TraceTarget;
import org.iorewind.cli.view.EditView;
import org.iorewind.trace.edit.TraceRepair;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code iorewind repair TRACE -o TRACE}. */
@Command(
        name = "repair",
        header = "Save what is whole of a damaged trace, as a new one.",
        description = {
            "",
            "Each hole becomes a Gap event; the damaged trace is not touched. Exit code 1: events are lost.",
            "Example: a copy of an archive that was cut on the way:",
            "  iorewind repair cut.iorw -o saved.iorw",
            ""
        })
final class RepairCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

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

    RepairCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        TraceParameter.requireExisting(trace.path, "a journal directory or an archive (.iorw)");
        Destination.refuseInput(target, List.of(trace.path));
        TraceRepair.Result repaired;
        try (TraceTarget made = TraceTarget.create(target, output.force);
                ProgressLine progress = terminal.progress("saving", "events")) {
            repaired = TraceRepair.repair(trace.path, made.appender(), progress);
            made.finish();
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                json.text("trace", target.toString()).number("events", repaired.events());
                json.number("gaps", repaired.gaps()).number("lost", repaired.lost());
                json.flag("lostUnknown", repaired.lostUnknown());
            }
        } else {
            EditView.print(target, repaired, terminal);
        }
        return repaired.gaps() == 0 ? ExitCode.OK : ExitCode.FOUND;
    }
}
