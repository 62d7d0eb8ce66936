package org.iorewind.cli.command;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.debug.Console;
import org.iorewind.cli.debug.DebugProgress;
import org.iorewind.cli.debug.HistoryFile;
import org.iorewind.cli.debug.LineSource;
import org.iorewind.cli.debug.PlainLines;
import org.iorewind.cli.debug.PromptLines;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.debug.verb.Completions;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.trace.TraceReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code iorewind debug TRACE}. */
@Command(
        name = "debug",
        header = "Step through a trace, forward and back, and ask why.",
        description = {
            "",
            "On a terminal, with the verbs of gdb and the reverse ones of rr; help lists them:",
            "  iorewind debug boot.iorw",
            "Or without one, from a script:",
            "  iorewind debug boot.iorw --batch -ex 'seek fault 1' -ex why",
            "  iorewind debug boot.iorw --json --batch -x questions.txt",
            ""
        })
final class DebugCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Option(names = "-ex", paramLabel = "CMD", description = "Do this command first; may be repeated.")
    private List<String> commands = new ArrayList<>();

    @Option(names = "-x", paramLabel = "FILE", description = "Do the commands in this file before those of -ex.")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--at", paramLabel = "PLACE", description = "Where to begin: start, end, or what seek takes.")
    private String at = "start";

    @Option(
            names = "--batch",
            description = "Ask for no commands: end when those of -x and -ex are done, or the first of them failed.")
    private boolean isBatch;

    @Option(
            names = "--no-history",
            description = "Do not keep what is typed in debug-history, in iorewind below the user's cache folder.")
    private boolean isWithoutHistory;

    @Mixin
    private ProfileOption profile = new ProfileOption();

    @Mixin
    private CacheOption cache = new CacheOption();

    @Mixin
    private JsonOption result = new JsonOption();

    DebugCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        DebugProgress progress = new DebugProgress();
        ReplayOptions options = profile.options().withProgress(progress);
        try (TraceReader reader = trace.open();
                CheckpointStore store = cache.open(reader, options);
                DebugSession session = DebugSession.open(reader, store, options)) {
            Console console = new Console(terminal, session, progress, result.json);
            if (terminal.interactive() && !isBatch) {
                Path history = isWithoutHistory ? null : HistoryFile.of(System.getenv());
                try (LineSource lines = PromptLines.open(session, new Completions(console.verbs()), history)) {
                    run(console, lines);
                }
                return ExitCode.OK;
            }
            try (LineSource lines = new PlainLines(terminal.in())) {
                run(console, lines);
            }
            return console.exitCode();
        }
    }

    private void run(Console console, LineSource lines) throws IOException {
        boolean isGood = at.equals("start") || console.execute("seek " + at);
        for (Path file : files) {
            if (isGood) {
                TraceParameter.requireExisting(file, "a file with commands");
                try (LineSource script = new PlainLines(new FileInputStream(file.toFile()))) {
                    isGood = console.run(script, true);
                }
            }
        }
        for (String command : commands) {
            if (!console.isOver() && (isGood || !isBatch)) {
                isGood &= console.execute(command);
            }
        }
        if (!isBatch) {
            console.run(lines, false);
        }
    }
}
