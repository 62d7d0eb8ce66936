package org.iorewind.cli.command;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.model.iommu.Profile;
import org.iorewind.record.ImportResult;
import org.iorewind.record.qemulog.ImportOptions;
import org.iorewind.record.qemulog.QemuLogImport;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

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
final class ImportQemuLogCommand extends SourceImport {
    /** The specification is no device: nothing can have been recorded on it. */
    private static final List<String> RECORDED_PROFILES = Arrays.stream(Profile.values())
            .filter(profile -> profile != Profile.SPEC)
            .map(Profile::label)
            .toList();

    @Option(
            names = "--profile",
            paramLabel = "PROFILE",
            description = "The recorded device, if the log cannot tell: qemu-7.2, qemu-10.0, qemu-11.1.")
    private String profile = "";

    ImportQemuLogCommand(Terminal terminal) {
        super(terminal, "a text log", "lines");
    }

    @Override
    List<Path> checkOptions() {
        if (!profile.isEmpty() && !RECORDED_PROFILES.contains(profile)) {
            throw new UsageException("--profile: expected a device that can be recorded, one of "
                    + String.join(", ", RECORDED_PROFILES) + ", found: " + profile);
        }
        return List.of();
    }

    @Override
    ImportResult read(List<Path> logs, EventAppender appender, Progress progress) {
        return QemuLogImport.run(logs, appender, new ImportOptions(profile), progress);
    }
}
