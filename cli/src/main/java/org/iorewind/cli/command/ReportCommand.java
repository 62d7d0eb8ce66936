package org.iorewind.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.analyze.Analyses;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.report.Headline;
import org.iorewind.analyze.report.TextReport;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.json.AnalysisJson;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.output.Destination;
import org.iorewind.cli.output.ReportFile;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code iorewind report TRACE -o FILE.html}. */
@Command(
        name = "report",
        header = "Explain every fault, in one HTML file that needs nothing else.",
        description = {
            "",
            "The verdict first, then the chain of causes, then the data. The file runs no script and loads nothing.",
            "With --json the same findings go to standard output, and -o may be left out.",
            "Exit code 1: a request was refused, something differs for no known reason, or a rule of the protocol was"
                    + " broken (notes do not count).",
            ""
        })
final class ReportCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Option(names = "-o", paramLabel = "FILE.html", description = "The report to make.")
    private @Nullable Path target;

    @Mixin
    private ProfileOption profile = new ProfileOption();

    @Mixin
    private ForceOption output = new ForceOption();

    @Mixin
    private JsonOption result = new JsonOption();

    ReportCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Path file = target;
        if (file == null && !result.json) {
            throw new UsageException("report: expected -o FILE.html, or --json, or both; found neither");
        }
        if (file != null) {
            Destination.refuseInput(file, List.of(trace.path));
        }
        Analysis analysis;
        try (TraceReader reader = trace.open();
                ProgressLine progress = terminal.progress("replaying", "events")) {
            analysis = Analyses.analyze(reader, profile.options().withProgress(progress));
        }
        if (file != null) {
            ReportFile.write(analysis, file, output.force);
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                AnalysisJson.write(json, analysis);
            }
        } else {
            TextReport.write(analysis, terminal.style(), TextReport.IN_FULL, terminal.command(), terminal.out());
        }
        if (file != null) {
            terminal.note("made " + file);
        }
        boolean found = Headline.of(analysis).outcome() != Headline.Outcome.CLEAN;
        return found ? ExitCode.FOUND : ExitCode.OK;
    }
}
