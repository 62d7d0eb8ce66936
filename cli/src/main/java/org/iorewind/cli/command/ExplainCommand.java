package org.iorewind.cli.command;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.analyze.explain.ExplainingAppender;
import org.iorewind.analyze.explain.Explanation;
import org.iorewind.analyze.explain.LoggedFaults;
import org.iorewind.analyze.explain.RecordedFaults;
import org.iorewind.analyze.report.ExplanationText;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.json.ExplainJson;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.output.StandardInputCopy;
import org.iorewind.record.ImportResult;
import org.iorewind.record.kernellog.KernelLogImport;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code iorewind explain FILE}. */
@Command(
        name = "explain",
        header =
                "Explain each fault of a kernel log or a trace: what it says, what may have caused it, what would prove it.",
        description = {
            "",
            "Made for people who have nothing but dmesg: flags decoded bit by bit, like faults grouped, causes ranked,"
                    + " each with the evidence for it and with how to record what proves it. With a trace whose memory"
                    + " was recorded, the tables themselves are the evidence.",
            "Exit code 1: there are faults, or lines of AMD-Vi that could not be understood.",
            ""
        })
final class ExplainCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";
    private static final String EXPECTED = "a kernel log, a journal directory or an archive (.iorw)";

    private final Terminal terminal;

    @Parameters(
            paramLabel = "FILE",
            description = "A kernel log (plain, gzip or zstd; of dmesg, journalctl -k, syslog, a serial console), or a"
                    + " trace; - is standard input.")
    private String file = "";

    @Mixin
    private ProfileOption profile = new ProfileOption();

    @Mixin
    private JsonOption result = new JsonOption();

    ExplainCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (file.isEmpty()) {
            throw new UsageException("empty name: expected " + EXPECTED);
        }
        if (!file.equals(STANDARD_INPUT)) {
            Path path = Words.path(file);
            TraceParameter.requireExisting(path, EXPECTED);
            if (Files.isDirectory(path) || Files.isRegularFile(path)) {
                return explain(path, file);
            }
            try (var in = Files.newInputStream(path);
                    StandardInputCopy copy = StandardInputCopy.of(in, beside())) {
                return explain(copy.path(), file);
            }
        }
        try (StandardInputCopy copy = StandardInputCopy.of(terminal.in(), beside())) {
            try {
                return explain(copy.path(), "standard input");
            } catch (TraceFormatException e) {
                throw copy.named(e);
            }
        }
    }

    /** A pipe is read twice, like a file: its copy lies among the temporary files, since no output is made. */
    private static Path beside() {
        return Path.of(System.getProperty("java.io.tmpdir", "/tmp"), "explain");
    }

    private int explain(Path path, String name) throws IOException {
        if (Traces.isTrace(path)) {
            Explanation explanation;
            try (TraceReader trace = Traces.open(path);
                    ProgressLine progress = terminal.progress("replaying", "events")) {
                explanation = RecordedFaults.of(trace, profile.options().withProgress(progress));
            }
            return show(explanation, name, 0, List.of());
        }
        LoggedFaults faults = new LoggedFaults();
        ImportResult imported;
        try (ExplainingAppender events = new ExplainingAppender(faults);
                ProgressLine progress = terminal.progress("reading", "lines")) {
            imported = KernelLogImport.run(List.of(path), events, progress);
        }
        // of a copy only the name that the user knows is shown
        List<String> examples = imported.unparsedExamples().stream()
                .map(example -> name
                        + example.substring(
                                Math.min(example.length(), path.toString().length())))
                .toList();
        return show(faults.explanation(), name, imported.unparsed(), examples);
    }

    private int show(Explanation explanation, String name, long unparsed, List<String> examples) throws IOException {
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                ExplainJson.write(json, name, explanation, unparsed, examples);
            }
        } else {
            ExplanationText.write(
                    explanation, name, unparsed, examples, terminal.style(), terminal.command(), terminal.out());
        }
        return explanation.count() > 0 || unparsed > 0 ? ExitCode.FOUND : ExitCode.OK;
    }
}
