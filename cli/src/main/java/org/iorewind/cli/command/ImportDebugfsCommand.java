package org.iorewind.cli.command;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.cli.Terminal;
import org.iorewind.record.ImportResult;
import org.iorewind.record.debugfs.DebugfsImport;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.Progress;
import picocli.CommandLine.Command;

/** {@code iorewind import debugfs FILE... -o TRACE}. */
@Command(
        name = "debugfs",
        header = "Import what Linux shows in /sys/kernel/debug/iommu/amd: a state to start from.",
        description = {
            "",
            "FILE is a file of that folder, or many put together by 'grep -r .' or 'head -v'; plain, gzip or zstd.",
            "Exit code 1: some lines could not be understood.",
            ""
        })
final class ImportDebugfsCommand extends SourceImport {
    ImportDebugfsCommand(Terminal terminal) {
        super(terminal, "a dump of debugfs", "lines");
    }

    @Override
    ImportResult read(List<Path> dumps, EventAppender appender, Progress progress) {
        return DebugfsImport.run(dumps, appender, progress);
    }
}
