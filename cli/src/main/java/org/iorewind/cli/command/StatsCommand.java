package org.iorewind.cli.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.json.StatsJson;
import org.iorewind.cli.view.StatsView;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.stats.TraceSizes;
import org.iorewind.trace.stats.TraceSizesReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code iorewind stats TRACE}. */
@Command(
        name = "stats",
        header = "Say where the bytes of a trace are: per kind of event and per column.",
        description = {
            "",
            "Live bytes are those of the event frames, stored bytes those of an archive's columns.",
            "Example: what does a DMA cost in this archive?",
            "  iorewind stats boot.iorw",
            ""
        })
final class StatsCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Mixin
    private JsonOption result = new JsonOption();

    StatsCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        TraceSizes sizes;
        try (TraceReader reader = trace.open();
                ProgressLine progress = terminal.progress("reading", "events")) {
            sizes = TraceSizesReader.read(reader, progress);
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                StatsJson.write(json, trace.path.toString(), sizes);
            }
        } else {
            StatsView.print(trace.path.toString(), sizes, terminal);
        }
        return ExitCode.OK;
    }
}
