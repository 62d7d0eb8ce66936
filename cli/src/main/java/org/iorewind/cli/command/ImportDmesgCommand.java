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
import org.iorewind.record.kernellog.KernelLogImport;
import org.iorewind.trace.TraceFormatException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code iorewind import dmesg FILE... -o TRACE}. */
@Command(
        name = "dmesg",
        header = "Import a kernel log: the faults that AMD-Vi's driver printed.",
        description = {
            "",
            "The log may come from dmesg, journalctl -k, syslog, a serial console, /dev/kmsg or pstore, plain, gzip or zstd."
                    + " The trace has the fidelity log: it knows faults only.",
            "Exit code 1: some lines of AMD-Vi could not be understood.",
            ""
        })
final class ImportDmesgCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    private final Terminal terminal;

    @Parameters(
            paramLabel = "FILE",
            arity = "1..*",
            description = "The log, or its pieces in order; - is standard input.")
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

    ImportDmesgCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        boolean standardInput = files.contains(STANDARD_INPUT);
        if (standardInput && files.size() > 1) {
            throw new UsageException("- (standard input) must be the only FILE");
        }
        if (!standardInput) {
            List<Path> paths = files.stream()
                    .map(file -> TraceParameter.regularInput(file, "a kernel log"))
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

    private int run(List<Path> logs) throws IOException {
        ImportResult imported;
        try (TraceTarget trace = TraceTarget.create(target, output.force);
                ProgressLine progress = terminal.progress("importing", "lines")) {
            imported = KernelLogImport.run(logs, trace.appender(), progress);
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
