package org.iorewind.record.ring;

import org.agrona.DirectBuffer;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.sbe.GapReason;
import org.jspecify.annotations.Nullable;

/**
 * Writes what comes out of a ring into a trace: event frames as they are, texts as lines of a console, losses as gaps. A frame
 * that is none becomes a gap as well. What belongs to the recorder, the first and the last event of a session and
 * checkpoints, is not taken from a writer.
 */
public final class RingEvents implements RingHandler {
    private static final int LONGEST_LINE = 4096;

    private final EventAppender target;
    private final EventWriter writer;
    private final FrameEventView view = new FrameEventView();
    private long events;
    private long refused;
    private long lost;

    /** Writes into {@code target}, which stays open. */
    public RingEvents(EventAppender target) {
        this.target = target;
        this.writer = new EventWriter(target);
    }

    /** Event frames that were taken. */
    public long events() {
        return events;
    }

    /** Event frames that were not taken. */
    public long refused() {
        return refused;
    }

    /** Records that are known to be lost. */
    public long lost() {
        return lost;
    }

    @Override
    public void event(DirectBuffer buffer, int offset, int length) {
        @Nullable String problem = view.tryWrap(buffer, offset, offset + length, 0);
        if (problem == null && isRecorders(view.kind())) {
            problem = "a " + view.kind() + ", which only the recorder writes";
        }
        if (problem == null) {
            target.append(buffer, offset, view.frameLength());
            events++;
        } else {
            refused++;
            writer.gap(GapReason.DAMAGED, 1, 0, "not an event frame: " + problem);
        }
    }

    private static boolean isRecorders(@Nullable EventKind kind) {
        return kind == EventKind.SESSION_START || kind == EventKind.SESSION_END || kind == EventKind.CHECKPOINT;
    }

    @Override
    public void text(long timeNs, int thread, int stream, DirectBuffer buffer, int offset, int length) {
        byte[] bytes = new byte[Math.min(length, LONGEST_LINE)];
        buffer.getBytes(offset, bytes);
        writer.at(timeNs).consoleLine(new String(bytes, java.nio.charset.StandardCharsets.UTF_8));
    }

    @Override
    public void lost(long firstNs, long lastNs, long count, String why) {
        lost += count;
        GapReason reason = why.equals("the ring was full") ? GapReason.QUEUE_FULL : GapReason.SOURCE_LOST;
        writer.at(firstNs).gap(reason, count, Math.max(0, lastNs - firstNs), why);
    }
}
