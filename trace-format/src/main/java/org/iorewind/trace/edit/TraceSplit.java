package org.iorewind.trace.edit;

import java.util.function.IntFunction;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventView;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.Progress;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.SessionVariant;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.GapReason;
import org.iorewind.trace.sbe.StartState;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a trace into parts that are traces by themselves. Every part but the first begins with a copy of the
 * {@code SessionStart} that says that the past is unknown, and with a {@code Gap} that counts the events before.
 */
public final class TraceSplit {
    private static final int PROGRESS_EVENTS = 1 << 14;

    private TraceSplit() {}

    /** Where a new part begins. */
    @FunctionalInterface
    public interface Cut {
        /**
         * Asked once for each event but the first one of the trace, in order.
         *
         * @param event of the trace
         * @param inPart events of the trace that the part has already
         * @return whether a new part begins with this event
         */
        boolean before(EventView event, long inPart);
    }

    /** A new part after so many events. */
    public static Cut every(long events) {
        if (events < 1) {
            throw new IllegalArgumentException("events=" + events);
        }
        return (event, inPart) -> inPart >= events;
    }

    /** A new part at each of these sequence numbers, ascending. */
    public static Cut atSequences(long... sequences) {
        long[] ascending = sequences.clone();
        return new Cut() {
            private int next;

            @Override
            public boolean before(EventView event, long inPart) {
                boolean cuts = next < ascending.length && event.sequence() >= ascending[next];
                while (next < ascending.length && event.sequence() >= ascending[next]) {
                    next++;
                }
                return cuts;
            }
        };
    }

    /** A new part at the first event at or behind each of these times, ascending, in ns. */
    public static Cut atTimes(long... timesNs) {
        long[] ascending = timesNs.clone();
        return new Cut() {
            private int next;

            @Override
            public boolean before(EventView event, long inPart) {
                boolean cuts = next < ascending.length && event.timeNs() >= ascending[next];
                while (next < ascending.length && event.timeNs() >= ascending[next]) {
                    next++;
                }
                return cuts;
            }
        };
    }

    /**
     * Cuts.
     *
     * @param trace stays as it is
     * @param cut where
     * @param parts makes the target of a part by its number, from 1; each is closed here when it is whole
     * @param progress told now and then, in events
     * @return number of parts
     */
    public static int split(TraceReader trace, Cut cut, IntFunction<? extends EventAppender> parts, Progress progress) {
        SessionInfo session = trace.session();
        int made = 0;
        long inPart = 0;
        long events = 0;
        @Nullable EventAppender part = null;
        try (EventCursor cursor = trace.cursor()) {
            while (cursor.next()) {
                EventView event = cursor.event();
                if (part == null || event.sequence() > 0 && cut.before(event, inPart)) {
                    if (part != null) {
                        part.close();
                    }
                    part = parts.apply(++made);
                    inPart = 0;
                    if (event.sequence() > 0) {
                        begin(part, session, event);
                    }
                }
                part.append(event.buffer(), event.offset(), event.frameLength());
                inPart++;
                if (++events % PROGRESS_EVENTS == 0) {
                    progress.at(events, -1);
                }
            }
        }
        if (part != null) {
            part.close();
        }
        progress.at(events, -1);
        return made;
    }

    private static void begin(EventAppender part, SessionInfo whole, EventView first) {
        EventWriter writer = new EventWriter(part);
        writer.sessionStart(
                SessionVariant.of(whole).startState(StartState.UNKNOWN).info());
        writer.at(first.timeNs()).gap(GapReason.UNSPECIFIED, first.sequence() - 1, 0, "in the parts before this one");
    }
}
