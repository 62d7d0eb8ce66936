package org.iorewind.record;

import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;

/** Keeps appended events as lines of text: kind, then the named fields. */
public final class RecordedEvents implements EventAppender {
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
        // nothing is held
    }

    /** The frames of all events but the first, with the time of day taken out. */
    public List<String> timelessFrames() {
        List<String> all = new ArrayList<>();
        for (byte[] frame : frames.subList(1, frames.size())) {
            byte[] copy = frame.clone();
            Arrays.fill(copy, FrameDescriptor.TIME_OFFSET, FrameDescriptor.TIME_OFFSET + Long.BYTES, (byte) 0);
            all.add(HexFormat.of().formatHex(copy));
        }
        return all;
    }

    /** The times of all events but the first. */
    public List<Long> timesNs() {
        return frames.subList(1, frames.size()).stream()
                .map(frame -> new UnsafeBuffer(frame).getLong(FrameDescriptor.TIME_OFFSET, ByteOrder.LITTLE_ENDIAN))
                .toList();
    }

    /** {@code Kind a=b c=d} for each event of the kinds, with the fields asked for where the event has them. */
    public List<String> lines(List<EventKind> kinds, String... fields) {
        List<String> lines = new ArrayList<>();
        FrameEventView view = new FrameEventView();
        EventTable table = EventTable.standard();
        for (int i = 0; i < frames.size(); i++) {
            byte[] frame = frames.get(i);
            String problem = view.tryWrap(new UnsafeBuffer(frame), 0, frame.length, i);
            if (problem != null) {
                throw new AssertionError(problem);
            }
            EventKind kind = view.kind();
            if (kind == null || !kinds.contains(kind)) {
                continue;
            }
            StringBuilder line = new StringBuilder(kind.label());
            for (String name : fields) {
                EventField field = table.type(kind).field(name);
                if (field != null) {
                    line.append(' ').append(name).append('=').append(table.text(view, field));
                }
            }
            lines.add(line.toString());
        }
        return lines;
    }
}
