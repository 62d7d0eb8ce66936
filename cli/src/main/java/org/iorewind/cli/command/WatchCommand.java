package org.iorewind.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.bisect.Change;
import org.iorewind.cli.dump.DumpLine;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.json.WatchJson;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.checkpoint.Spacing;
import org.iorewind.replay.predicate.Watch;
import org.iorewind.replay.travel.ReplayCursor;
import org.iorewind.replay.travel.Stop;
import org.iorewind.trace.TraceReader;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code iorewind watch TRACE WHAT}. */
@Command(
        name = "watch",
        header = "Tell when a register, table entry, cached translation or word of memory changed, and by which event.",
        description = {
            "",
            "Who wrote this page table entry last, before event 26412?",
            "  iorewind watch boot.iorw 'pte 00:06.0 0x5000' --to 26412 --last",
            "WHAT is one of: register NAME, dte DEVICE, pte DEVICE ADDRESS, iotlb DEVICE ADDRESS, memory ADDRESS,"
                    + " guest NUMBER OFFSET.",
            ""
        })
final class WatchCommand implements Callable<Integer> {
    private final Terminal terminal;

    @Mixin
    private TraceParameter trace = new TraceParameter();

    @Parameters(index = "1", paramLabel = "WHAT", description = "What to watch, in one word of the shell.")
    private String what = "";

    @Option(names = "--from", paramLabel = "SEQ", description = "First event that may change it. Default: the first.")
    private long from;

    @Option(names = "--to", paramLabel = "SEQ", description = "Last event that may change it. Default: the last.")
    private long to = Long.MAX_VALUE - 2;

    @Option(names = "--last", description = "Go backwards, and tell the last changes first.")
    private boolean isBackwards;

    @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: 1 with --last, else 100.")
    private long limit = -1;

    @Mixin
    private ProfileOption profile = new ProfileOption();

    @Mixin
    private CacheOption cache = new CacheOption();

    @Mixin
    private JsonOption result = new JsonOption();

    WatchCommand(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws IOException {
        Watch watch;
        try {
            watch = Watch.parse(what);
        } catch (IllegalArgumentException e) {
            throw new UsageException("WHAT: " + e.getMessage());
        }
        if (from < 0 || to < from) {
            throw new UsageException("--from and --to: expected 0 <= from <= to, found: from=" + from + " to=" + to);
        }
        List<Change> changes;
        try (TraceReader reader = trace.open();
                ProgressLine progress = terminal.progress("watching", "events")) {
            ReplayOptions options = profile.options().withProgress(progress);
            try (CheckpointStore store = cache.open(reader, options);
                    ReplayCursor cursor =
                            ReplayCursor.open(reader, options, store, Spacing.forSeekTime(Spacing.USUAL_TARGET_NS))) {
                changes = isBackwards ? backwards(cursor, watch) : forwards(cursor, watch);
            }
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                WatchJson.write(json, trace.path.toString(), what, changes);
            }
        } else {
            for (Change change : changes) {
                terminal.line(change.line());
                terminal.line("            " + change.before() + " -> " + change.after());
            }
        }
        return ExitCode.OK;
    }

    private List<Change> forwards(ReplayCursor cursor, Watch watch) {
        List<Change> changes = new ArrayList<>();
        cursor.seek(from - 1);
        long most = limit < 0 ? 100 : limit;
        while (changes.size() < most && cursor.runUntil(watch) == Stop.REACHED && cursor.sequence() <= to) {
            changes.add(change(cursor, watch));
        }
        return changes;
    }

    private List<Change> backwards(ReplayCursor cursor, Watch watch) {
        List<Change> changes = new ArrayList<>();
        // One further, so that the last event itself is asked.
        boolean isWithin = cursor.seek(to + 1) == Stop.REACHED;
        if (!isWithin && changed(cursor, watch)) {
            changes.add(change(cursor, watch));
        }
        long most = limit < 0 ? 1 : limit;
        while (changes.size() < most && cursor.runBackUntil(watch) == Stop.REACHED && cursor.sequence() >= from) {
            if (changed(cursor, watch)) {
                changes.add(change(cursor, watch));
            }
        }
        return changes;
    }

    /** Whether the event that the cursor stands on changed it; lets the watch know both values. */
    private static boolean changed(ReplayCursor cursor, Watch watch) {
        cursor.stepBack();
        watch.begin(cursor.playback());
        cursor.step();
        return cursor.sequence() >= 0 && watch.holds(cursor.event(), cursor.playback(), cursor.effects());
    }

    private static Change change(ReplayCursor cursor, Watch watch) {
        return new Change(
                cursor.sequence(),
                cursor.event().timeNs(),
                DumpLine.kind(cursor.event()),
                new DumpLine().of(cursor.event()),
                watch.before(),
                watch.after());
    }
}
