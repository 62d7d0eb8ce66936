package org.iorewind.trace;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;

/** Events in memory: what a store must give back. */
public final class EventList implements EventAppender {
    private final List<byte[]> frames = new ArrayList<>();

    @Override
    public long append(DirectBuffer buffer, int offset, int lengthBytes) {
        byte[] frame = new byte[lengthBytes];
        buffer.getBytes(offset, frame);
        frames.add(frame);
        return frames.size() - 1;
    }

    @Override
    public void close() {
        // Nothing to do: a list is always readable.
    }

    /** The frames, one array each. */
    public List<byte[]> frames() {
        return frames;
    }

    /** The frames in hexadecimal: comparable and printable. */
    public List<String> hex() {
        return frames.stream().map(HexFormat.of()::formatHex).toList();
    }

    /** Appends all events to another store. */
    public void copyTo(EventAppender appender) {
        for (byte[] frame : frames) {
            appender.append(new UnsafeBuffer(frame), 0, frame.length);
        }
    }

    /** A view of one event. */
    public EventView view(int index) {
        FrameEventView view = new FrameEventView();
        byte[] frame = frames.get(index);
        String problem = view.tryWrap(new UnsafeBuffer(frame), 0, frame.length, index);
        if (problem != null) {
            throw new IllegalStateException(problem);
        }
        return view;
    }

    /** All events from where the cursor stands, in hexadecimal. */
    public static List<String> rest(EventCursor cursor) {
        List<String> hex = new ArrayList<>();
        while (cursor.next()) {
            EventView event = cursor.event();
            byte[] frame = new byte[event.frameLength()];
            event.buffer().getBytes(event.offset(), frame);
            hex.add(HexFormat.of().formatHex(frame));
        }
        return hex;
    }

    /** All events of a trace, in hexadecimal. */
    public static List<String> of(TraceReader trace) {
        try (EventCursor cursor = trace.cursor()) {
            return rest(cursor);
        }
    }
}
