package org.iorewind.cli.command;

import java.nio.file.Path;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.record.StatusPlace;
import org.iorewind.record.live.OpenMetricsFile;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every command that records a machine while it runs. */
final class RecordingOptions {
    /** Names as they are typed. */
    enum Status {
        auto,
        line,
        title,
        off
    }

    @Option(
            names = "--status",
            paramLabel = "PLACE",
            description = "Where to show how it goes: line, title (of the terminal), off; auto: a line if the machine's"
                    + " console is elsewhere. Default: ${DEFAULT-VALUE}.")
    private Status status = Status.auto;

    @Option(
            names = "--metrics",
            paramLabel = "FILE",
            description = "Write numbers of the recording to this file every few seconds (OpenMetrics).")
    private @Nullable Path metrics;

    @Option(
            names = "--scratch",
            paramLabel = "DIR",
            description = "Folder for the pipe, the socket and the RAM file shared with QEMU. Default: /dev/shm.")
    @Nullable
    Path scratch;

    /** The file for the numbers, or null. */
    @Nullable
    OpenMetricsFile metricsFile() {
        return metrics == null ? null : new OpenMetricsFile(metrics);
    }

    /** A line would be drawn across the console of the machine if both are on one terminal. */
    StatusPlace place(Terminal terminal, boolean machineUsesTerminal) {
        return switch (status) {
            case line -> StatusPlace.LINE;
            case title -> StatusPlace.TITLE;
            case off -> StatusPlace.OFF;
            case auto -> terminal.live() && !machineUsesTerminal ? StatusPlace.LINE : StatusPlace.OFF;
        };
    }
}
