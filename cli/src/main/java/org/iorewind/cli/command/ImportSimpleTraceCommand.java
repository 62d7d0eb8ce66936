package org.iorewind.cli.command;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.record.ImportResult;
import org.iorewind.record.simpletrace.SimpleTraceImport;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.Progress;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code iorewind import simpletrace FILE --events FILE -o TRACE}. */
@Command(
        name = "simpletrace",
        header = "Import QEMU's binary trace, as a QEMU with the trace backend 'simple' writes it.",
        description = {
            "",
            "The arguments of an event mean something only with their declarations: --events names the file that belongs to"
                    + " the same QEMU, most often /usr/share/qemu/trace-events-all.",
            "Exit code 1: some records could not be understood, or the file is damaged behind a place.",
            ""
        })
final class ImportSimpleTraceCommand extends SourceImport {
    @Option(
            names = "--events",
            paramLabel = "EVENTS",
            required = true,
            description = "QEMU's trace-events-all, of the same build.")
    private Path events = Path.of("");

    @Mixin
    private RecordedProfileOption device = new RecordedProfileOption();

    ImportSimpleTraceCommand(Terminal terminal) {
        super(terminal, "a simpletrace file", "records");
    }

    @Override
    List<Path> checkOptions() {
        device.options();
        return List.of(TraceParameter.regularInput(events.toString(), "QEMU's trace-events-all"));
    }

    @Override
    ImportResult read(List<Path> files, EventAppender appender, Progress progress) {
        if (files.size() != 1) {
            throw new UsageException("expected one FILE: QEMU writes one, found: " + files.size());
        }
        return SimpleTraceImport.run(files.get(0), events, appender, device.options(), progress);
    }
}
