package org.iorewind.cli.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.json.DescribeJson;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.view.DescribeView;
import org.iorewind.cli.view.TraceSummary;
import org.iorewind.trace.TraceReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code iorewind describe TRACE}. */
@Command(name = "describe", header = "Say what a trace is: session, source, what it can miss, events by kind.")
final class DescribeCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Mixin
    private JsonOption result = new JsonOption();

    DescribeCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        TraceSummary summary;
        try (TraceReader reader = trace.open();
                ProgressLine progress = terminal.progress("reading", "events")) {
            summary = TraceSummary.of(reader, progress);
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                DescribeJson.write(json, summary);
            }
        } else {
            DescribeView.print(summary, terminal);
        }
        return ExitCode.OK;
    }
}
