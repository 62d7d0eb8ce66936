package org.iorewind.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
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
import org.iorewind.model.iommu.Profile;
import org.iorewind.record.ImportResult;
import org.iorewind.record.qemulog.ImportOptions;
import org.iorewind.record.qemulog.QemuLogImport;
import org.iorewind.trace.TraceFormatException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code iorewind import qemu-log FILE... -o TRACE}. */
@Command(
        name = "qemu-log",
        header = "Import QEMU's amdvi_* trace events (-trace 'amdvi_*' -D FILE).",
        description = {
            "",
            "The log may be plain, gzip or zstd, with or without time stamps, and with or without the memory lines of the"
                    + " recording plug-in. With memory lines every translation can be walked again.",
            "Exit code 1: some lines look like trace events and could not be understood.",
            ""
        })
final class ImportQemuLogCommand implements Callable<Integer> {
    private static final String STANDARD_INPUT = "-";

    /** The specification is no device: nothing can have been recorded on it. */
    private static final List<String> RECORDED_PROFILES = Arrays.stream(Profile.values())
            .filter(profile -> profile != Profile.SPEC)
            .map(Profile::label)
            .toList();

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

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            description = "The recorded device, if the log cannot tell: qemu-7.2, qemu-10.0, qemu-11.1.")
    private String profile = "";

    @Mixin
    private ForceOption output = new ForceOption();

    @Mixin
    private JsonOption result = new JsonOption();

    ImportQemuLogCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (!profile.isEmpty() && !RECORDED_PROFILES.contains(profile)) {
            throw new UsageException("--profile: expected a device that can be recorded, one of "
                    + String.join(", ", RECORDED_PROFILES) + ", found: " + profile);
        }
        boolean standardInput = files.contains(STANDARD_INPUT);
        if (standardInput && files.size() > 1) {
            throw new UsageException("- (standard input) must be the only FILE");
        }
        if (!standardInput) {
            List<Path> paths = files.stream()
                    .map(file -> TraceParameter.regularInput(file, "a text log"))
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
            imported = QemuLogImport.run(logs, trace.appender(), new ImportOptions(profile), progress);
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
