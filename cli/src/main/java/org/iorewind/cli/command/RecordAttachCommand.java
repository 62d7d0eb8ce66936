package org.iorewind.cli.command;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.output.ScratchFolder;
import org.iorewind.record.live.AttachedRecording;
import org.iorewind.record.live.LiveOptions;
import org.iorewind.record.qemu.ScratchFiles;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code iorewind record attach QMP -o TRACE}. */
@Command(
        name = "attach",
        header = "Join a QEMU that runs, and record its amd-iommu from now on.",
        description = {
            "",
            "The guest is held for some milliseconds while registers and tables are written down. Ctrl-C leaves QEMU as it"
                    + " was found; the machine goes on.",
            "QEMU must have a monitor: -qmp unix:PATH,server=on,wait=off. Its memory is read in the file behind it, or, with"
                    + " the rights of a debugger, in the process.",
            ""
        })
final class RecordAttachCommand implements Callable<Integer> {
    private static final long NS = 1_000_000_000L;

    private final Terminal terminal;

    @Parameters(paramLabel = "QMP", description = "The socket of QEMU's monitor (QMP).")
    private Path socket = Path.of("");

    @Option(
            names = "-o",
            paramLabel = "TRACE",
            required = true,
            description = "The trace to make: an archive if the name ends in .iorw, else a journal directory.")
    private Path target = Path.of("");

    @Mixin
    private RecordingOptions recording = new RecordingOptions();

    @Mixin
    private ForceOption output = new ForceOption();

    @Mixin
    private JsonOption result = new JsonOption();

    RecordAttachCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        TraceParameter.requireExisting(socket, "the socket of a QEMU's monitor");
        Instant now = Instant.now();
        long startUnixNs = now.getEpochSecond() * NS + now.getNano();
        try (ScratchFolder folder = ScratchFolder.make(recording.scratch)) {
            LiveSession session = new LiveSession(terminal, target, output.force, recording, result.json);
            return session.run(
                    false,
                    (trace, stops, display) -> new AttachedRecording(
                                    socket.toAbsolutePath(),
                                    new ScratchFiles(folder.path()),
                                    trace.appender(),
                                    new LiveOptions(true, false, trace.journal()),
                                    stops,
                                    display)
                            .run(startUnixNs, trace::keep));
        }
    }
}
