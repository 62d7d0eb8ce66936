package org.iorewind.replay;

import org.iorewind.trace.EventCursor;
import org.iorewind.trace.TraceReader;

/** Replays a whole trace from its first event to its last. */
public final class Replay {
    private static final int PROGRESS_EVENTS = 1 << 14;

    private Replay() {}

    /**
     * Replays and compares.
     *
     * @param trace to replay; stays open
     * @param options profile, limits, progress
     * @param listeners follow the replay, in this order
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     */
    public static ReplayResult run(TraceReader trace, ReplayOptions options, ReplayListener... listeners) {
        return play(trace, options, listeners).result();
    }

    /** The same, for who wants to look at the machine behind the last event as well. */
    public static Playback play(TraceReader trace, ReplayOptions options, ReplayListener... listeners) {
        Playback playback = Playback.start(trace.session(), trace.path().toString(), options, listeners);
        try (EventCursor cursor = trace.cursor()) {
            while (cursor.next()) {
                playback.handle(cursor.event());
                if (playback.events() % PROGRESS_EVENTS == 0) {
                    options.progress().at(playback.events(), -1);
                }
            }
        }
        playback.settle();
        return playback;
    }
}
