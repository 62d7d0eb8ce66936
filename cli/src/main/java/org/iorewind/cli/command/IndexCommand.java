package org.iorewind.cli.command;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.analyze.text.Notation;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.json.IndexJson;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.output.Destination;
import org.iorewind.cli.output.OutputFile;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.bisect.StateHashes;
import org.iorewind.replay.checkpoint.Checkpoint;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.checkpoint.Spacing;
import org.iorewind.replay.travel.ReplayCursor;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code iorewind index TRACE}. */
@Command(
        name = "index",
        header = "Take the checkpoints of a trace, so that any event is reached at once, and list them.",
        description = {
            "",
            "Replays the trace once and keeps its state at intervals in TRACE.checkpoints. Other commands do so on"
                    + " their way; this one only saves their first users the wait. The file may be removed at any time.",
            "With --hashes, hashes of the state are written instead, for another build of the program to compare with:",
            "  iorewind index boot.iorw --hashes old.txt --every 10000       (the old program)",
            "  iorewind bisect boot.iorw --hashes old.txt                    (the new one)",
            ""
        })
final class IndexCommand implements Callable<Integer> {
    private static final long USUAL_EVERY = 1 << 16;

    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Mixin
    private ProfileOption profile = new ProfileOption();

    @Option(
            names = "--every",
            paramLabel = "N",
            description = "A checkpoint each N events. Default: as many as are replayed in 25 ms; a hash each 65,536.")
    private long every;

    @Option(
            names = "--hashes",
            paramLabel = "FILE",
            description = "Write hashes of states and outcomes to this file, and take no checkpoints.")
    private @Nullable Path hashes;

    @Option(names = "--from", paramLabel = "SEQ", description = "With --hashes: the first event. Default: the first.")
    private long from;

    @Option(names = "--to", paramLabel = "SEQ", description = "With --hashes: the last event. Default: the last.")
    private long to = Long.MAX_VALUE - 1;

    @Mixin
    private ForceOption output = new ForceOption();

    @Mixin
    private JsonOption result = new JsonOption();

    IndexCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        if (every < 0) {
            throw new UsageException("--every: expected 1 or more, found: " + every);
        }
        if (hashes != null) {
            return hashes(hashes);
        }
        try (TraceReader reader = trace.open();
                ProgressLine progress = terminal.progress("indexing", "events")) {
            ReplayOptions options = profile.options().withProgress(progress);
            Spacing spacing = every == 0 ? Spacing.forSeekTime(Spacing.USUAL_TARGET_NS) : Spacing.every(every);
            try (CheckpointStore store = CheckpointStore.of(reader, options);
                    ReplayCursor cursor = ReplayCursor.open(reader, options, store, spacing)) {
                cursor.seek(store.floorSequence(Long.MAX_VALUE));
                cursor.seekEnd();
                list(store, cursor.sequence() + 1);
            }
        }
        return ExitCode.OK;
    }

    private int hashes(Path file) throws IOException {
        if (from < 0 || to < from) {
            throw new UsageException("--from and --to: expected 0 <= from <= to, found: from=" + from + " to=" + to);
        }
        Destination.refuseInput(file, List.of(trace.path));
        long[] count = new long[1];
        try (TraceReader reader = trace.open();
                ProgressLine progress = terminal.progress("replaying", "events");
                OutputFile target = OutputFile.create(file, output.force)) {
            ReplayOptions options = profile.options().withProgress(progress);
            PrintStream lines = new PrintStream(target.stream(), false, StandardCharsets.UTF_8);
            lines.print(StateHashes.header(reader, options) + "\n");
            StateHashes.of(reader, options, new StateHashes.Span(from, to, every == 0 ? USUAL_EVERY : every), at -> {
                lines.print(at.line() + "\n");
                count[0]++;
            });
            lines.flush();
            target.finish();
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                json.text("trace", trace.path.toString()).text("hashes", file.toString());
                json.number("count", count[0]);
            }
        } else {
            terminal.line(file + ": hashes of " + Notation.count(count[0], "state"));
        }
        return ExitCode.OK;
    }

    private void list(CheckpointStore store, long events) throws IOException {
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                IndexJson.write(json, trace.path.toString(), events, store);
            }
            return;
        }
        long count = 0;
        for (long next : store.sequences()) {
            Checkpoint checkpoint = store.floor(next);
            if (checkpoint != null && checkpoint.next() == next) {
                terminal.line(checkpoint.toString());
                count++;
            }
        }
        terminal.line(Notation.count(events, "event") + ", " + Notation.count(count, "checkpoint"));
    }
}
