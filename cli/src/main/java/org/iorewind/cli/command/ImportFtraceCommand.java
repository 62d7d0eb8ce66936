package org.iorewind.cli.command;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.cli.Terminal;
import org.iorewind.record.ImportResult;
import org.iorewind.record.ftrace.FtraceImport;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code iorewind import ftrace FILE... -o TRACE}. */
@Command(
        name = "ftrace",
        header = "Import Linux's ftrace: iommu:* and kvm:kvm_mmio.",
        description = {
            "",
            "FILE is what tracefs shows in trace or trace_pipe, or what trace-cmd report prints; plain, gzip or zstd.",
            "Exit code 1: some lines look like events and could not be understood.",
            ""
        })
final class ImportFtraceCommand extends SourceImport {
    @Mixin
    private MmioBaseOption registers = new MmioBaseOption();

    ImportFtraceCommand(Terminal terminal) {
        super(terminal, "a text of ftrace", "lines");
    }

    @Override
    List<Path> checkOptions() {
        registers.window();
        return List.of();
    }

    @Override
    ImportResult read(List<Path> texts, EventAppender appender, Progress progress) {
        return FtraceImport.run(texts, appender, registers.window(), progress);
    }
}
