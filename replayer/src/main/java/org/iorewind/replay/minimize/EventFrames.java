package org.iorewind.replay.minimize;

import java.util.Arrays;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.EventView;
import org.iorewind.trace.FrameEventView;

/** The events of a trace, in memory. Bounded. Not thread-safe. */
final class EventFrames {
    /** So many bytes of events are taken. */
    static final int MOST_BYTES = 128 << 20;

    private final FrameEventView view = new FrameEventView();
    private UnsafeBuffer bytes = new UnsafeBuffer(new byte[1 << 16]);
    private int[] starts = new int[1 << 10];
    private int count;

    /** Takes an event; false if there are too many. */
    boolean add(EventView event) {
        int start = starts[count];
        int length = event.frameLength();
        if (start > MOST_BYTES - length) {
            return false;
        }
        if (start + length > bytes.capacity()) {
            int capacity = Math.min(MOST_BYTES, Math.max(2 * bytes.capacity(), start + length));
            bytes = new UnsafeBuffer(Arrays.copyOf(bytes.byteArray(), capacity));
        }
        if (count + 2 > starts.length) {
            starts = Arrays.copyOf(starts, 2 * starts.length);
        }
        bytes.putBytes(start, event.buffer(), event.offset(), length);
        starts[++count] = start + length;
        return true;
    }

    int size() {
        return count;
    }

    UnsafeBuffer bytes() {
        return bytes;
    }

    int start(int event) {
        return starts[event];
    }

    int length(int event) {
        return starts[event + 1] - starts[event];
    }

    /** An event; valid until the next one is asked for. */
    EventView event(int event) {
        if (view.tryWrap(bytes, starts[event], starts[event + 1], event) != null) {
            throw new IllegalStateException("a frame that a reader showed is not sound: event=" + event);
        }
        return view;
    }
}
