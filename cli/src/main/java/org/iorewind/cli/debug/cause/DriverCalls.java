package org.iorewind.cli.debug.cause;

import java.util.ArrayDeque;
import java.util.Deque;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.cli.dump.DumpLine;
import org.iorewind.cli.dump.Fields;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;

/** Finds the driver call inside of which an event happened, if it began not long before. */
final class DriverCalls {
    private static final long LOOK_BACK = 4096;
    private static final int LIMIT = 160;

    private final TraceReader trace;
    private final Fields fields = new Fields();
    private final DumpLine words = new DumpLine();

    DriverCalls(TraceReader trace) {
        this.trace = trace;
    }

    /** The innermost call around an event, in words; empty if none is known. */
    String around(long sequence) {
        Deque<String> open = new ArrayDeque<>();
        try (EventCursor cursor = trace.cursor()) {
            cursor.seek(Math.max(0, sequence - LOOK_BACK));
            while (cursor.next() && cursor.event().sequence() < sequence) {
                EventView event = cursor.event();
                if (event.kind() == EventKind.DRIVER_CALL) {
                    switch (fields.of(event).text("phase")) {
                        case "ENTER" -> open.push(PlainText.clip(words.sentence(event), LIMIT));
                        case "EXIT" -> open.poll();
                        default -> {}
                    }
                }
            }
        }
        String call = open.peek();
        return call == null ? "" : call.replaceFirst(" enters$", "");
    }
}
