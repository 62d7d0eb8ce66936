package org.iorewind.trace;

import java.util.function.Consumer;
import org.agrona.DirectBuffer;

/** Shows each event that is appended to somebody, and keeps none. Not thread-safe. */
public final class EventTap implements EventAppender {
    private final Consumer<EventView> listener;
    private final FrameEventView view = new FrameEventView();
    private long events;

    /**
     * A tap.
     *
     * @param listener is shown the events; each is valid until it returns
     */
    public EventTap(Consumer<EventView> listener) {
        this.listener = listener;
    }

    @Override
    public long append(DirectBuffer buffer, int offset, int lengthBytes) {
        if (view.tryWrap(buffer, offset, offset + lengthBytes, events) != null) {
            throw new IllegalStateException("a writer made a frame that is not sound: sequence=" + events);
        }
        listener.accept(view);
        return events++;
    }

    /** Nothing is kept, and nothing to be closed. */
    @Override
    public void close() {}
}
