package org.iorewind.cli.command;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.debug.Console;
import org.iorewind.cli.debug.DebugProgress;
import org.iorewind.cli.debug.LineSource;
import org.iorewind.cli.debug.PlainLines;
import org.iorewind.cli.debug.UserFiles;
import org.iorewind.cli.debug.dap.DapServer;
import org.iorewind.cli.debug.dap.TraceOpener;
import org.iorewind.cli.debug.prompt.PromptLines;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.debug.verb.Completions;
import org.iorewind.cli.record.EndSignals;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.checkpoint.AnswerCache;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

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
            "Or in an editor, as a server of the Debug Adapter Protocol on standard input and output:",
            "  iorewind debug --dap",
            ""
        })
final class DebugCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Parameters(
            paramLabel = "TRACE",
            arity = "0..1",
            description = "A journal directory or an archive (.iorw). With --dap the editor may name it.")
    private @Nullable Path trace;

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

    @Option(names = "--dap", description = "Serve an editor on standard input and output.")
    private boolean isServer;

    @Option(
            names = "--no-history",
            description =
                    "Do not keep what is typed in debug-history, nor names of events in debug-marks, in iorewind below the"
                            + " user's cache folder.")
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
        if (isServer) {
            return serve();
        }
        if (trace == null) {
            throw new UsageException("debug: expected TRACE, a journal directory or an archive (.iorw), found nothing");
        }
        DebugProgress progress = new DebugProgress();
        ReplayOptions options = profile.options().withProgress(progress);
        try (TraceReader reader = open(trace);
                CheckpointStore store = cache.open(reader, options);
                AnswerCache answers = cache.answers(reader, options);
                DebugSession session = DebugSession.open(reader, store, answers, options)) {
            Console console = new Console(terminal, session, progress, result.json);
            if (terminal.interactive() && !isBatch) {
                Path history = isWithoutHistory ? null : UserFiles.history(System.getenv());
                keepMarks(session);
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

    private void keepMarks(DebugSession session) {
        Path marks = isWithoutHistory
                ? null
                : UserFiles.marks(System.getenv(), session.trace().session().sessionId());
        if (marks != null) {
            session.marks().keepIn(marks);
        }
    }

    private static TraceReader open(Path path) {
        TraceParameter.requireExisting(path, "a journal directory or an archive (.iorw)");
        return Traces.open(path);
    }

    private int serve() {
        if (isBatch || result.json || !commands.isEmpty() || !files.isEmpty()) {
            throw new UsageException("--dap: expected none of -x, -ex, --batch and --json; the editor asks");
        }
        // Some editors send Ctrl-C as soon as a session has ended, and would report the exit code of a process that it
        // killed.
        CompletableFuture<Void> stop = new CompletableFuture<>();
        EndSignals signals = EndSignals.handle(() -> stop.complete(null));
        try {
            DapServer.serve(this::open, at, terminal.in(), terminal.out(), stop);
        } finally {
            signals.ended();
        }
        return ExitCode.OK;
    }

    /** For an editor: the trace that it names goes before that of the command line. */
    private TraceOpener.Opened open(String named, String wantedProfile) {
        Path path = named.isEmpty() ? trace : Words.path(named);
        if (path == null) {
            throw new UsageException("launch: expected a trace, in the argument trace or on the command line");
        }
        if (!wantedProfile.isEmpty()) {
            ProfileOption.require("launch: profile", wantedProfile);
        }
        ReplayOptions options = wantedProfile.isEmpty()
                ? profile.options()
                : ReplayOptions.defaults().withProfile(wantedProfile);
        TraceReader reader = open(path);
        return new TraceOpener.Opened(reader, cache.open(reader, options), cache.answers(reader, options), options);
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
