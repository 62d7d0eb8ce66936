package org.iorewind.cli.command;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.cli.Terminal;
import org.iorewind.record.ImportResult;
import org.iorewind.record.mmiotrace.MmiotraceImport;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code iorewind import mmiotrace FILE... -o TRACE}. */
@Command(
        name = "mmiotrace",
        header = "Import Linux's mmiotrace: register accesses of a driver.",
        description = {
            "",
            "FILE is what was read from trace_pipe; plain, gzip or zstd. Accesses to other devices than the IOMMU are counted.",
            "Exit code 1: some lines could not be understood.",
            ""
        })
final class ImportMmiotraceCommand extends SourceImport {
    @Mixin
    private MmioBaseOption registers = new MmioBaseOption();

    ImportMmiotraceCommand(Terminal terminal) {
        super(terminal, "a text of mmiotrace", "lines");
    }

    @Override
    List<Path> checkOptions() {
        registers.window();
        return List.of();
    }

    @Override
    ImportResult read(List<Path> texts, EventAppender appender, Progress progress) {
        return MmiotraceImport.run(texts, appender, registers.window(), progress);
    }
}
