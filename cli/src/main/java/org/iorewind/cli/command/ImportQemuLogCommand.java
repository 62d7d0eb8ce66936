package org.iorewind.cli.command;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.cli.Terminal;
import org.iorewind.record.ImportResult;
import org.iorewind.record.qemulog.QemuLogImport;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

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
    @Mixin
    private RecordedProfileOption device = new RecordedProfileOption();

    ImportQemuLogCommand(Terminal terminal) {
        super(terminal, "a text log", "lines");
    }

    @Override
    List<Path> checkOptions() {
        device.options();
        return List.of();
    }

    @Override
    ImportResult read(List<Path> logs, EventAppender appender, Progress progress) {
        return QemuLogImport.run(logs, appender, device.options(), progress);
    }
}
