package org.iorewind.cli.bisect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.iorewind.cli.dump.DumpLine;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;

/**
 * An event that was looked for, and what led there.
 *
 * @param sequence its number
 * @param timeNs its time
 * @param kind name of its kind
 * @param line as {@code dump} prints it
 * @param before the last inputs before it, in order
 */
public record FoundEvent(long sequence, long timeNs, String kind, String line, List<Before> before) {
    private static final int INPUTS = 5;
    private static final long LOOK_BACK = 256;

    /**
     * An input before it.
     *
     * @param sequence its number
     * @param line as {@code dump} prints it
     */
    public record Before(long sequence, String line) {}

    /** Reads the event. */
    public static FoundEvent read(TraceReader trace, long sequence) {
        DumpLine words = new DumpLine();
        Deque<Before> before = new ArrayDeque<>();
        try (EventCursor cursor = trace.cursor()) {
            cursor.seek(Math.max(0, sequence - LOOK_BACK));
            while (cursor.next() && cursor.event().sequence() < sequence) {
                EventView event = cursor.event();
                EventKind kind = event.kind();
                if (kind != null && kind.eventClass() == EventClass.INPUT) {
                    before.add(new Before(event.sequence(), words.of(event)));
                    if (before.size() > INPUTS) {
                        before.remove();
                    }
                }
            }
            EventView event = cursor.event();
            return new FoundEvent(sequence, event.timeNs(), DumpLine.kind(event), words.of(event), List.copyOf(before));
        }
    }
}
