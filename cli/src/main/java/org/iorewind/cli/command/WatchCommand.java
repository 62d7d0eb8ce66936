package org.iorewind.cli.command;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.iorewind.analyze.text.Notation;
import org.iorewind.cli.ExitCode;
import org.iorewind.cli.ProgressLine;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.cli.bisect.Change;
import org.iorewind.cli.dump.DumpLine;
import org.iorewind.cli.json.JsonDocument;
import org.iorewind.cli.json.WatchJson;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.checkpoint.AnswerCache;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.checkpoint.Spacing;
import org.iorewind.replay.predicate.PlaceHistory;
import org.iorewind.replay.predicate.PlaceHistory.Interval;
import org.iorewind.replay.predicate.Watch;
import org.iorewind.replay.travel.MomentTest;
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
            "Who wrote this page table entry last, before event 26412? Who reads it next? When was it valid?",
            "  iorewind watch boot.iorw 'pte 00:06.0 0x5000' --to 26412 --last",
            "  iorewind watch boot.iorw 'pte 00:06.0 0x5000' --from 26412 --reads --limit 1",
            "  iorewind watch boot.iorw 'pte 00:06.0 0x5000' --intervals",
            "WHAT is one of: register NAME, dte DEVICE, pte DEVICE ADDRESS, irte DEVICE INDEX, iotlb DEVICE ADDRESS,"
                    + " memory ADDRESS, guest NUMBER OFFSET; with iommu NUMBER before it where that is not 0.",
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

    @Option(
            names = "--reads",
            description = "Tell which events let an IOMMU read it from memory, where it lies at --from (with --last: at"
                    + " --to), instead of which change it.")
    private boolean isReads;

    @Option(
            names = "--intervals",
            description = "Tell what it held from when to when, over the whole trace. The answer is kept in"
                    + " TRACE.history.")
    private boolean isIntervals;

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
        if (isIntervals) {
            return intervals(watch);
        }
        List<Change> changes;
        try (TraceReader reader = trace.open();
                ProgressLine progress = terminal.progress("watching", "events")) {
            ReplayOptions options = profile.options().withProgress(progress);
            try (CheckpointStore store = cache.open(reader, options);
                    ReplayCursor cursor =
                            ReplayCursor.open(reader, options, store, Spacing.forSeekTime(Spacing.USUAL_TARGET_NS))) {
                changes = isReads
                        ? reads(cursor, watch)
                        : isBackwards ? backwards(cursor, watch) : forwards(cursor, watch);
            }
        }
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                WatchJson.write(json, trace.path.toString(), what, isReads ? "reads" : "changes", changes);
            }
        } else {
            for (Change change : changes) {
                terminal.line(change.line());
                terminal.line("            " + (isReads ? "" : change.before() + " -> ") + change.after());
            }
        }
        return ExitCode.OK;
    }

    private int intervals(Watch watch) throws IOException {
        if (isReads || isBackwards || limit >= 0) {
            throw new UsageException("--intervals: expected without --reads, --last and --limit");
        }
        PlaceHistory history;
        try (TraceReader reader = trace.open();
                ProgressLine progress = terminal.progress("watching", "events")) {
            ReplayOptions options = profile.options().withProgress(progress);
            try (CheckpointStore store = cache.open(reader, options);
                    AnswerCache answers = cache.answers(reader, options);
                    ReplayCursor cursor =
                            ReplayCursor.open(reader, options, store, Spacing.forSeekTime(Spacing.USUAL_TARGET_NS))) {
                history = PlaceHistory.of(cursor, watch, answers);
            }
        }
        List<Interval> within = history.intervals().stream()
                .filter(interval -> interval.last() >= from && interval.first() <= to)
                .toList();
        if (result.json) {
            try (JsonDocument json = JsonDocument.begin(terminal.out())) {
                WatchJson.write(json, trace.path.toString(), what, watch, within);
            }
        } else {
            for (Interval interval : within) {
                terminal.line((interval.first() < 0 ? "start" : Notation.sequence(interval.first())) + " to "
                        + (interval.last() == Long.MAX_VALUE ? "end" : Notation.sequence(interval.last())) + ": "
                        + watch.meaning(interval.value()));
            }
        }
        return ExitCode.OK;
    }

    /** Events that let an IOMMU read it, from where it lies at the first, or backwards at the last. */
    private List<Change> reads(ReplayCursor cursor, Watch watch) {
        List<Change> reads = new ArrayList<>();
        boolean isWithin = cursor.seek(isBackwards ? to : from - 1) == Stop.REACHED;
        long address = watch.address(cursor.playback());
        if (address < 0) {
            throw new UsageException("WHAT: expected something that lies in memory then, found: " + what);
        }
        cursor.effects().watch(address);
        MomentTest isRead = (event, playback, effects) -> effects.isWatchedRead();
        long most = limit < 0 ? isBackwards ? 1 : 100 : limit;
        if (isBackwards) {
            if (isWithin) {
                cursor.step();
            }
            while (reads.size() < most && cursor.runBackUntil(isRead) == Stop.REACHED && cursor.sequence() >= from) {
                reads.add(read(cursor, watch));
            }
        } else {
            while (reads.size() < most && cursor.runUntil(isRead) == Stop.REACHED && cursor.sequence() <= to) {
                reads.add(read(cursor, watch));
            }
        }
        return reads;
    }

    private static Change read(ReplayCursor cursor, Watch watch) {
        watch.begin(cursor.playback());
        String value = watch.after();
        return new Change(
                cursor.sequence(),
                cursor.event().timeNs(),
                DumpLine.kind(cursor.event()),
                new DumpLine().of(cursor.event()),
                value,
                value);
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
