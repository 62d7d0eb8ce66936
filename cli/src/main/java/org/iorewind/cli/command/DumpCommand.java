package org.iorewind.cli.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.dump.Dump;
import org.iorewind.cli.json.DumpJson;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code iorewind dump TRACE}. */
@Command(
        name = "dump",
        header = "Print events, one line each.",
        description = {
            "",
            "Example: the last events before fault #26412 that concern device 00:06.0:",
            "  iorewind dump boot.iorw --to 26412 --filter \"requester == '00:06.0'\"",
            ""
        })
final class DumpCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Option(
            names = "--filter",
            paramLabel = "CEL",
            description =
                    "Only events for which this expression is true; see docs/commands.md for its fields. One about what"
                            + " events did or about the state, such as effects.iotlbMisses > 0, is answered by a replay.")
    private @Nullable String filter;

    @Mixin
    private ProfileOption profile = new ProfileOption();

    @Option(names = "--from", paramLabel = "SEQ", description = "First sequence number. Default: ${DEFAULT-VALUE}.")
    private long from = 0;

    @Option(names = "--to", paramLabel = "SEQ", description = "Last sequence number, included. Default: the end.")
    private long to = Long.MAX_VALUE;

    @Option(names = "--limit", paramLabel = "N", description = "Print at most so many events. Default: all.")
    private long limit = Long.MAX_VALUE;

    @Mixin
    private JsonOption result = new JsonOption();

    DumpCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Dump dump = Dump.of(filter, from, to, limit, profile.options());
        try (TraceReader reader = trace.open()) {
            if (result.json) {
                DumpJson.write(dump, reader, terminal.out());
            } else {
                dump.print(reader, terminal);
            }
        }
        return ExitCode.OK;
    }
}
