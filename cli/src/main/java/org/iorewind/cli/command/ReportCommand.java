package org.iorewind.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.iorewind.analyze.Analyses;
import org.iorewind.analyze.Analysis;
import org.iorewind.analyze.report.Headline;
import org.iorewind.analyze.report.TextReport;
import org.iorewind.analyze.text.Notation;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.json.AnalysisJson;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.output.Destination;
import org.iorewind.cli.output.ReportFile;
import org.iorewind.cli.output.ReportFile.Form;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code iorewind report TRACE -o FILE}. */
@Command(
        name = "report",
        header = "Explain every fault, in one HTML file that needs nothing else, or as Markdown or JSON.",
        description = {
            "",
            "The verdict first, then the chain of causes, then the data. The HTML file loads nothing.",
            "With --format md it is text for an issue tracker, to -o FILE or to standard output.",
            "With --json the same findings go to standard output, and -o may be left out.",
            "Exit code 1: a request was refused, something differs for no known reason, or a rule of the protocol was"
                    + " broken (notes do not count).",
            ""
        })
final class ReportCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Option(names = "-o", paramLabel = "FILE", description = "The report to make.")
    private @Nullable Path target;

    @Option(
            names = "--format",
            paramLabel = "FORM",
            description = "Form of the report: html (default), or md for an issue tracker.")
    private String format = "html";

    @Option(names = "--svg", paramLabel = "DIR", description = "Write the drawings as SVG files too, into this folder.")
    private @Nullable Path drawings;

    @Mixin
    private ProfileOption profile = new ProfileOption();

    @Option(
            names = "--threads",
            paramLabel = "N",
            description =
                    "Replay for so many parts of the analysis at once, at most two. Pays for long traces; the report"
                            + " does not depend on it. Default: ${DEFAULT-VALUE}.")
    private int threads = 1;

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
        Path folder = drawings;
        Form form = form();
        boolean toOutput = form == Form.MD && file == null && !result.json;
        if (file == null && folder == null && !result.json && !toOutput) {
            throw new UsageException("report: expected -o FILE, --format md, --svg DIR, or --json; found none of them");
        }
        if (threads < 1) {
            throw new UsageException("--threads: expected 1 or more, found: " + threads);
        }
        if (file != null) {
            Destination.refuseInput(file, List.of(trace.path));
        }
        Analysis analysis;
        try (TraceReader reader = trace.open();
                ProgressLine progress = terminal.progress("replaying", "events")) {
            analysis = Analyses.analyze(reader, profile.options().withProgress(progress), threads);
        }
        if (file != null) {
            ReportFile.write(analysis, form, file, output.force);
        }
        int drawn = folder == null ? 0 : ReportFile.drawings(analysis, folder, output.force);
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                AnalysisJson.write(json, analysis);
            }
        } else if (toOutput) {
            ReportFile.write(analysis, form, terminal.out());
        } else {
            TextReport.write(analysis, terminal.style(), TextReport.IN_FULL, terminal.command(), terminal.out());
        }
        if (file != null) {
            terminal.note("made " + file);
        }
        if (folder != null) {
            terminal.note("made " + Notation.count(drawn, "drawing") + " in " + folder);
        }
        boolean found = Headline.of(analysis).outcome() != Headline.Outcome.CLEAN;
        return found ? ExitCode.FOUND : ExitCode.OK;
    }

    private Form form() {
        for (Form each : Form.values()) {
            if (each.name().toLowerCase(Locale.ROOT).equals(format)) {
                return each;
            }
        }
        throw new UsageException("report: --format: expected html or md, found: " + format);
    }
}
