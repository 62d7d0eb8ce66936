package org.iorewind.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.json.ImportJson;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.output.Destination;
import org.iorewind.cli.output.StandardInputCopy;
import org.iorewind.cli.output.TraceTarget;
import org.iorewind.cli.view.ImportView;
import org.iorewind.record.ImportResult;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceFormatException;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What all commands have in common that turn files of another format, or standard input, into a trace. */
abstract class SourceImport implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    private final Terminal terminal;
    private final String expected;
    private final String unit;

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "The recording, or its pieces in order; - is standard input.")
    private List<String> files = new ArrayList<>();

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

    /**
     * Shared state.
     *
     * @param expected what FILE is, as in "expected …"
     * @param unit what progress counts
     */
    SourceImport(Terminal terminal, String expected, String unit) {
        this.terminal = terminal;
        this.expected = expected;
        this.unit = unit;
    }

    /** Does the work. */
    abstract ImportResult read(List<Path> paths, EventAppender appender, Progress progress);

    /**
     * Looks at the options before anything is touched.
     *
     * @return further inputs, which the output must not replace
     * @throws UsageException if an option cannot be meant
     */
    List<Path> checkOptions() {
        return List.of();
    }

    @Override
    public Integer call() throws IOException {
        List<Path> others = checkOptions();
        Destination.refuseInput(target, others);
        boolean standardInput = files.contains(STANDARD_INPUT);
        if (standardInput && files.size() > 1) {
            throw new UsageException("- (standard input) must be the only FILE");
        }
        if (!standardInput) {
            List<Path> paths = files.stream()
                    .map(file -> TraceParameter.regularInput(file, expected))
                    .toList();
            Destination.refuseInput(target, paths);
            return run(paths);
        }
        TraceTarget.check(target, output.force);
        try (StandardInputCopy copy = StandardInputCopy.of(terminal.in(), target)) {
            try {
                return run(List.of(copy.path()));
            } catch (TraceFormatException e) {
                throw copy.named(e);
            }
        }
    }

    private int run(List<Path> paths) throws IOException {
        ImportResult imported;
        try (TraceTarget trace = TraceTarget.create(target, output.force);
                ProgressLine progress = terminal.progress("importing", unit)) {
            imported = read(paths, trace.appender(), progress);
            trace.finish();
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                ImportJson.write(json, target.toString(), imported);
            }
        } else {
            ImportView.print(imported, target, terminal);
        }
        return imported.unparsed() > 0 ? ExitCode.FOUND : ExitCode.OK;
    }
}
