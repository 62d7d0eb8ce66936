package org.iorewind.cli.command;

import java.io.IOException;
import java.util.concurrent.Callable;
import org.iorewind.analyze.text.Notation;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.json.IndexJson;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.checkpoint.Checkpoint;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.checkpoint.Spacing;
import org.iorewind.replay.travel.ReplayCursor;
import org.iorewind.trace.TraceReader;
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
            ""
        })
final class IndexCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Mixin
    private ProfileOption profile = new ProfileOption();

    @Option(
            names = "--every",
            paramLabel = "N",
            description = "A checkpoint each N events. Default: as many as are replayed in 25 ms.")
    private long every;

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
