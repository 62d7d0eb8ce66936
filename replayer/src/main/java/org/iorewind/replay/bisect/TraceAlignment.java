package org.iorewind.replay.bisect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.iorewind.replay.Playback;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/**
 * Compares two recordings of the same work by what happened, not when: the n-th command of a ring with the n-th command of the
 * other's, the n-th request of a device with the n-th of the same device. Addresses do not count, since each boot has its
 * own; kinds and outcomes do.
 *
 * <pre>
 *   lane                       A                         B
 *   commands of IOMMU 0        wait, flush, wait, …      wait, wait, …        ◀ differ at the 2nd
 *   requests of 00:06.0        TRANSLATED, TRANSLATED    TRANSLATED, …
 * </pre>
 *
 * <p>Both traces are read once, side by side. A lane in which one is far ahead of the other is only counted from then on.
 */
public final class TraceAlignment {
    private static final int TURN_EVENTS = 1 << 12;

    private final TreeMap<String, Lane> lanes = new TreeMap<>();

    /**
     * Where a lane differs.
     *
     * @param lane its name
     * @param ordinal which item of the lane, from 1
     * @param sequenceA event of the first trace, or -1 if its lane is over
     * @param whatA what happened there
     * @param sequenceB event of the second trace, or -1 if its lane is over
     * @param whatB what happened there
     */
    public record Difference(String lane, long ordinal, long sequenceA, String whatA, long sequenceB, String whatB) {}

    /**
     * One lane.
     *
     * @param name of it
     * @param countA items in the first trace
     * @param countB items in the second trace
     * @param first difference in it, or null
     */
    public record LaneResult(
            String name, long countA, long countB, @Nullable Difference first) {}

    /**
     * The comparison.
     *
     * @param first the difference that comes first in the first trace, or null
     * @param lanes all lanes, by name
     */
    public record Result(@Nullable Difference first, List<LaneResult> lanes) {}

    private TraceAlignment() {}

    /**
     * Compares.
     *
     * @param a first trace; stays open
     * @param b second trace; stays open
     * @param options of both replays
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     */
    public static Result compare(TraceReader a, TraceReader b, ReplayOptions options) {
        return new TraceAlignment().run(a, b, options);
    }

    private Result run(TraceReader a, TraceReader b, ReplayOptions options) {
        Playback playbackA = start(a, options, true);
        Playback playbackB = start(b, options, false);
        try (EventCursor eventsA = a.cursor();
                EventCursor eventsB = b.cursor()) {
            boolean isOpenA = true;
            boolean isOpenB = true;
            while (isOpenA || isOpenB) {
                isOpenA = isOpenA && turn(eventsA, playbackA);
                isOpenB = isOpenB && turn(eventsB, playbackB);
                options.progress().at(playbackA.events() + playbackB.events(), -1);
            }
        }
        List<LaneResult> results = new ArrayList<>();
        lanes.forEach((name, lane) -> results.add(lane.result(name)));
        Difference first = results.stream()
                .map(LaneResult::first)
                .filter(difference -> difference != null)
                .min(Comparator.comparingLong(TraceAlignment::place))
                .orElse(null);
        return new Result(first, results);
    }

    private Playback start(TraceReader trace, ReplayOptions options, boolean isA) {
        LaneRecorder recorder = new LaneRecorder((lane, sequence, what) ->
                lanes.computeIfAbsent(lane, name -> new Lane()).add(isA, sequence, what));
        return Playback.start(trace.session(), trace.path().toString(), options, recorder);
    }

    private static boolean turn(EventCursor events, Playback playback) {
        for (int i = 0; i < TURN_EVENTS; i++) {
            if (!events.next()) {
                return false;
            }
            playback.handle(events.event());
        }
        return true;
    }

    /** What the first trace lacks comes behind all that it has. */
    private static long place(@Nullable Difference difference) {
        return difference == null || difference.sequenceA() < 0 ? Long.MAX_VALUE : difference.sequenceA();
    }
}
