package org.iorewind.cli.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.dump.Tail;
import org.iorewind.trace.TraceTail;
import org.iorewind.trace.Traces;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code iorewind tail TRACE}. */
@Command(
        name = "tail",
        header = "Print the last events, and with -f those that come.",
        description = {
            "",
            "Example: faults as they happen, in a recording that is being made:",
            "  iorewind tail -f recording --filter \"kind == 'LogEntry'\"",
            ""
        })
final class TailCommand implements Callable<Integer> {
    private static final int MOST_LINES = 1_000_000;

    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Option(
            names = {"-f", "--follow"},
            description = "Go on until the recording is closed, or its writer has died (exit code 1).")
    private boolean follow;

    @Option(
            names = {"-n", "--lines"},
            paramLabel = "N",
            description = "So many of the events that are there already. Default: ${DEFAULT-VALUE}.")
    private long lines = 10;

    @Option(
            names = "--filter",
            paramLabel = "CEL",
            description = "Only events for which this expression is true, as in dump.")
    private @Nullable String filter;

    @Mixin
    private JsonOption result = new JsonOption();

    TailCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (lines < 0 || lines > MOST_LINES) {
            throw new UsageException("-n: expected 0 to " + MOST_LINES + ", found: " + lines);
        }
        TraceParameter.requireExisting(trace.path, "a journal directory or an archive (.iorw)");
        Tail tail = Tail.of(filter, (int) lines, result.json);
        try (TraceTail events = Traces.tail(trace.path, follow)) {
            tail.print(events, follow, terminal);
            if (!follow || events.isEnded()) {
                return ExitCode.OK;
            }
        }
        terminal.note("iorewind: " + trace.path + ": the recording was not closed, and nobody writes it any more; the"
                + " last events are there, and 'iorewind check' says whether more may be lost");
        return ExitCode.FOUND;
    }
}
