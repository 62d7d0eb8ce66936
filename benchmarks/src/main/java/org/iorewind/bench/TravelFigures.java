package org.iorewind.bench;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.ReplayResult;
import org.iorewind.replay.bisect.FirstHolding;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.checkpoint.ParallelReplay;
import org.iorewind.replay.checkpoint.Spacing;
import org.iorewind.replay.predicate.StatePredicate;
import org.iorewind.replay.travel.ReplayCursor;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.jspecify.annotations.Nullable;

/**
 * Times of motions in a long trace: a real capture again and again, as many events as the system property
 * {@code iorewind.travel.events} says (10 million; the goals are for 100 million). Each figure is measured once, by the clock.
 */
final class TravelFigures implements AutoCloseable {
    private static final long EVENTS = Long.getLong("iorewind.travel.events", 10_000_000);
    private static final long ROUND_NS = 100_000_000_000L;
    private static final int SEEKS = 200;
    private static final double MS = 1e6;
    private static final double S = 1e9;

    private static @Nullable List<String> measured;

    private final Workload workload = new Workload();
    private final TraceReader trace;
    private final CheckpointStore store;

    TravelFigures() {
        Path archive = workload.folder().resolve("travel.iorw");
        write(archive);
        trace = Traces.open(archive);
        store = CheckpointStore.of(trace, ReplayOptions.defaults());
    }

    private void write(Path archive) {
        UnsafeBuffer frame = new UnsafeBuffer(new byte[FrameDescriptor.MAX_FRAME_LENGTH]);
        long written = 0;
        try (TraceReader once = Traces.open(workload.archive());
                ArchiveWriter writer = ArchiveWriter.create(archive)) {
            for (long round = 0; written < EVENTS; round++) {
                try (EventCursor cursor = once.cursor()) {
                    while (written < EVENTS && cursor.next()) {
                        EventView event = cursor.event();
                        boolean isBound =
                                event.kind() == EventKind.SESSION_START || event.kind() == EventKind.SESSION_END;
                        if (round == 0 && written == 0 || !isBound) {
                            frame.putBytes(0, event.buffer(), event.offset(), event.frameLength());
                            long time = event.timeNs() + round * ROUND_NS;
                            frame.putLong(FrameDescriptor.TIME_OFFSET, time, LITTLE_ENDIAN);
                            writer.append(frame, 0, event.frameLength());
                            written++;
                        }
                    }
                }
            }
        }
    }

    /** The lines of one figure. All are measured in one go, the first time that one is asked for. */
    static synchronized String lines(String figure) {
        List<String> all = measured;
        if (all == null) {
            all = measure();
            measured = all;
        }
        return all.stream()
                .filter(line -> line.startsWith(figure + "\t") || line.startsWith(figure + "."))
                .collect(Collectors.joining("\n"));
    }

    private static List<String> measure() {
        List<String> lines = new ArrayList<>();
        try (TravelFigures figures = new TravelFigures()) {
            figures.index(lines);
            figures.seeks(lines);
            figures.bisect(lines);
            figures.parallel(lines);
        }
        return lines;
    }

    private ReplayCursor cursor() {
        return ReplayCursor.open(trace, ReplayOptions.defaults(), store, Spacing.forSeekTime(Spacing.USUAL_TARGET_NS));
    }

    private void index(List<String> lines) {
        long start = System.nanoTime();
        try (ReplayCursor cursor = cursor()) {
            cursor.seekEnd();
        }
        long ns = System.nanoTime() - start;
        lines.add(line("index.build", EVENTS * S / ns, "events/s") + "\tcheckpoints\t"
                + store.sequences().size());
    }

    private void seeks(List<String> lines) {
        SplittableRandom random = new SplittableRandom(1);
        double[] seeks = new double[SEEKS];
        double[] backs = new double[SEEKS];
        try (ReplayCursor cursor = cursor()) {
            for (int i = 0; i < SEEKS; i++) {
                long target = random.nextLong(EVENTS);
                long start = System.nanoTime();
                cursor.seek(target);
                seeks[i] = (System.nanoTime() - start) / MS;
                start = System.nanoTime();
                cursor.stepBack();
                backs[i] = (System.nanoTime() - start) / MS;
            }
            add(lines, "seek.random", seeks);
            add(lines, "seek.back", backs);
            double[] many = new double[SEEKS];
            for (int i = 0; i < SEEKS; i++) {
                long start = System.nanoTime();
                cursor.stepBack();
                many[i] = (System.nanoTime() - start) / MS;
            }
            add(lines, "seek.back.again", many);
        }
    }

    private void bisect(List<String> lines) {
        long faults;
        try (ReplayCursor cursor = cursor()) {
            cursor.seekEnd();
            faults = cursor.playback().faults();
        }
        StatePredicate predicate = StatePredicate.compile("faults > " + faults * 7 / 10);
        FirstHolding search =
                new FirstHolding(trace, ReplayOptions.defaults(), store, Spacing.forSeekTime(Spacing.USUAL_TARGET_NS));
        long start = System.nanoTime();
        OptionalLong found = search.monotone(predicate);
        double seconds = (System.nanoTime() - start) / S;
        lines.add(line("bisect.monotone", seconds, "s") + "\tfound\t" + found.orElse(-1));
    }

    private void parallel(List<String> lines) {
        ParallelReplay replay = new ParallelReplay(
                trace, ReplayOptions.defaults(), store, Spacing.forSeekTime(Spacing.USUAL_TARGET_NS));
        long start = System.nanoTime();
        ReplayResult one = replay.run(1);
        double single = EVENTS * S / (System.nanoTime() - start);
        start = System.nanoTime();
        ReplayResult two = replay.run(2);
        double both = EVENTS * S / (System.nanoTime() - start);
        if (!one.equals(two)) {
            throw new IllegalStateException("two threads and one disagree");
        }
        lines.add(line("replay.parallel", both, "events/s") + "\tone-thread\t" + Figures.number(single) + "\t"
                + Figures.number(both / single));
    }

    private static void add(List<String> lines, String name, double[] times) {
        Arrays.sort(times);
        lines.add(line(name, times[times.length / 2], "ms"));
        lines.add(line(name + ".max", times[times.length - 1], "ms"));
    }

    private static String line(String name, double value, String unit) {
        return name + "\t" + Figures.number(value) + "\t" + unit;
    }

    @Override
    public void close() {
        store.close();
        trace.close();
        workload.close();
    }
}
