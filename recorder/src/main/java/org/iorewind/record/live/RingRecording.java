package org.iorewind.record.live;

import java.util.concurrent.locks.LockSupport;
import org.iorewind.record.embed.RecordingOptions;
import org.iorewind.record.ring.RingEvents;
import org.iorewind.record.ring.RingFile;
import org.iorewind.record.ring.RingSource;
import org.iorewind.record.ring.WriterState;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.sbe.EndReason;

/**
 * Records what another process, a VMM in whatever language, writes into a ring: from its first event until it closes the
 * ring or dies, or somebody asks for the end. One thread.
 */
public final class RingRecording {
    private static final int BATCH = 1024;
    private static final int MOST_AT_THE_END = 1 << 20;
    private static final long PAUSE_NS = 100_000;
    /** Whether the writer lives is a system call. */
    private static final long LOOK_NS = 20_000_000;

    private final RingFile ring;
    private final RecordingOptions options;
    private final StopRequests stops;

    /**
     * How it ended.
     *
     * @param events of the writer
     * @param lost records that are known to be missing; each place is a gap
     * @param refused records that were no events; each is a gap
     * @param reason why it ended
     * @param note the same in words
     */
    public record Outcome(long events, long lost, long refused, EndReason reason, String note) {
        /** Whether everything is there that the writer wanted to be there. */
        public boolean isComplete() {
            return lost == 0 && refused == 0 && reason != EndReason.SOURCE_ENDED;
        }
    }

    /** Will read this ring, which stays open. */
    public RingRecording(RingFile ring, RecordingOptions options, StopRequests stops) {
        this.ring = ring;
        this.options = options;
        this.stops = stops;
    }

    /**
     * Runs it to its end.
     *
     * @param trace takes the session's first event, what the writer wrote, and the last event; stays open
     * @param started called when there is a writer: from then on there is something to lose
     * @throws org.iorewind.trace.TraceStoreException if the trace cannot take an event, or the ring cannot be looked at
     */
    public Outcome run(EventAppender trace, Runnable started) {
        EventWriter writer = new EventWriter(trace);
        writer.at(0).sessionStart(options.session(ring.startUnixNs()));
        RingEvents events = new RingEvents(trace);
        RingSource source = new RingSource(ring);
        WriterState state = follow(source, events, started);
        EndReason reason;
        String note;
        switch (state) {
            case ENDED -> {
                source.finish(events);
                reason = EndReason.CLEAN;
                note = "the writer closed the ring";
            }
            case KILLED -> {
                source.finish(events);
                reason = EndReason.SOURCE_ENDED;
                note = "the writer was killed, or crashed";
            }
            default -> {
                source.poll(events, MOST_AT_THE_END);
                reason = EndReason.INTERRUPTED;
                note = "the recorder was asked to end";
            }
        }
        writer.at(ring.nowNs()).sessionEnd(reason, note);
        return new Outcome(events.events(), events.lost(), events.refused(), reason, note);
    }

    /** Hands on what comes, until the writer is gone or the end is asked for; returns what the writer is then. */
    private WriterState follow(RingSource source, RingEvents events, Runnable started) {
        WriterState state = WriterState.AWAITED;
        long lookedNs = System.nanoTime() - LOOK_NS;
        while (stops.count() == 0) {
            long now = System.nanoTime();
            if (now - lookedNs >= LOOK_NS) {
                lookedNs = now;
                WriterState before = state;
                state = ring.writerState();
                if (before == WriterState.AWAITED && state != WriterState.AWAITED) {
                    started.run();
                }
                if (state == WriterState.ENDED || state == WriterState.KILLED) {
                    return state;
                }
            }
            if (source.poll(events, BATCH) == 0) {
                LockSupport.parkNanos(PAUSE_NS);
            }
        }
        return state;
    }
}
