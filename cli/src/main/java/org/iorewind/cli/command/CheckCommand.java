package org.iorewind.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.json.CheckJson;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.view.CheckView;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.IntegrityReport.Damage;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.TruncatedTraceException;
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
        } catch (CorruptTraceException | TruncatedTraceException e) {
            if (result.json) {
                // What must be read first is damaged; a script gets its document all the same.
                write(unopened(e));
            }
            throw e;
        }
        if (result.json) {
            write(report);
        } else {
            CheckView.print(report, terminal);
        }
        return report.isIntact() ? ExitCode.OK : ExitCode.BAD_INPUT;
    }

    private void write(IntegrityReport report) throws IOException {
        try (JsonDocument json = JsonDocument.begin(terminal.out())) {
            CheckJson.write(json, report);
        }
    }

    private IntegrityReport unopened(TraceFormatException e) {
        boolean journal = Files.isDirectory(trace.path);
        String part = e.file().equals(trace.path.toString()) ? "" : e.file();
        String place = part.isEmpty() || e.place().isEmpty() ? part + e.place() : part + ": " + e.place();
        Damage damage = new Damage(place.isEmpty() ? "the whole file" : place, e.expected(), e.found(), -1, -1);
        String kind = journal ? "journal" : "archive";
        return new IntegrityReport(trace.path, kind, 0, 0, List.of(damage), false, false, journal);
    }
}
