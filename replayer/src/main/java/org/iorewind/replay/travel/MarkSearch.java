package org.iorewind.replay.travel;

import java.util.Objects;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;

/** Goes over the marks of a trace, in order, without replaying it. Not thread-safe. */
public final class MarkSearch implements AutoCloseable {
    private final EventTable table = EventTable.standard();
    private final EventField text =
            Objects.requireNonNull(table.type(EventKind.MARK).field("text"));
    private final EventCursor events;

    /** Before the first event of a trace, which stays open. */
    public MarkSearch(TraceReader trace) {
        events = trace.cursor();
    }

    /**
     * To the next mark, or so many events on, whichever is nearer.
     *
     * @return false at the end of the trace
     */
    public boolean next(int most) {
        for (int i = 0; i < most; i++) {
            if (!events.next()) {
                return false;
            }
            if (isMark()) {
                return true;
            }
        }
        return true;
    }

    /** Whether it stands on a mark. */
    public boolean isMark() {
        return events.event().kind() == EventKind.MARK;
    }

    /** Whether it stands on a mark with this text. */
    public boolean isMark(String wanted) {
        return isMark() && text().equals(wanted);
    }

    /** Text of the mark that it stands on, as the trace has it. */
    public String text() {
        return table.text(event(), text);
    }

    /** The event that it stands on; valid until it moves. */
    public EventView event() {
        return events.event();
    }

    /** Number of the event that it stands on. */
    public long sequence() {
        return events.event().sequence();
    }

    @Override
    public void close() {
        events.close();
    }
}
