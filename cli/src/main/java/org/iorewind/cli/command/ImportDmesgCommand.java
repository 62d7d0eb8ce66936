package org.iorewind.cli.command;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.cli.Terminal;
import org.iorewind.record.ImportResult;
import org.iorewind.record.kernellog.KernelLogImport;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.Progress;
import picocli.CommandLine.Command;

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
final class ImportDmesgCommand extends SourceImport {
    ImportDmesgCommand(Terminal terminal) {
        super(terminal, "a kernel log", "lines");
    }

    @Override
    ImportResult read(List<Path> logs, EventAppender appender, Progress progress) {
        return KernelLogImport.run(logs, appender, progress);
    }
}
