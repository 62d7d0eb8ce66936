package org.iorewind.cli.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.json.CheckJson;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.view.CheckView;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.TraceReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code iorewind check TRACE}. */
@Command(
        name = "check",
        header = "Check every structure and checksum of a trace.",
        description = {"", "Exit code 0: intact. Exit code 3: damaged; every damaged place is named.", ""})
final class CheckCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Mixin
    private JsonOption result = new JsonOption();

    CheckCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        IntegrityReport report;
        try (TraceReader reader = trace.open()) {
            report = reader.check();
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                CheckJson.write(json, report);
            }
        } else {
            CheckView.print(report, terminal);
        }
        return report.isIntact() ? ExitCode.OK : ExitCode.BAD_INPUT;
    }
}
