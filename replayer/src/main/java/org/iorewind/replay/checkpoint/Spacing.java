package org.iorewind.replay.checkpoint;

/**
 * How many events lie between two checkpoints: as many as are replayed in the time that a seek may take, measured while the
 * replay runs; more if checkpoints would take more space than they may. Not thread-safe.
 */
public final class Spacing {
    /** The usual time from a checkpoint to an event, half of it in the middle: 25 ms. */
    public static final long USUAL_TARGET_NS = 25_000_000;

    private static final long LEAST_EVENTS = 1 << 12;
    private static final long MOST_EVENTS = 1 << 20;
    private static final long FIRST_EVENTS = 1 << 15;

    private final long targetNs;
    private long events;

    private Spacing(long targetNs, long events) {
        this.targetNs = targetNs;
        this.events = events;
    }

    /** A spacing for seeks that take about this time. */
    public static Spacing forSeekTime(long targetNs) {
        return new Spacing(targetNs, FIRST_EVENTS);
    }

    /** A spacing that stays. */
    public static Spacing every(long events) {
        return new Spacing(0, Math.max(1, events));
    }

    /** The distance from one checkpoint to the next, in events. */
    public long events() {
        return events;
    }

    /** So many events took so long, checkpoints not counted. */
    public void measured(long count, long ns) {
        if (targetNs > 0 && ns > 0) {
            double rate = (double) count / ns;
            events = Math.max(LEAST_EVENTS, Math.min(MOST_EVENTS, (long) (rate * targetNs)));
        }
    }
}
