package org.iorewind.samples.session;

import org.agrona.DirectBuffer;
import org.iorewind.replay.Applier;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.FrameEventView;
import org.jspecify.annotations.Nullable;

/** Appends each event, and then applies the very same frame to the machine. Not thread-safe. */
final class AppendThenApply implements EventAppender {
    private final EventAppender store;
    private final FrameEventView view = new FrameEventView();
    private @Nullable Applier applier;
    private long events;

    AppendThenApply(EventAppender store) {
        this.store = store;
    }

    /** From now on inputs are applied. */
    void applyWith(Applier value) {
        applier = value;
    }

    /** Number of events so far. */
    long events() {
        return events;
    }

    @Override
    public long append(DirectBuffer buffer, int offset, int lengthBytes) {
        long stored = store.append(buffer, offset, lengthBytes);
        @Nullable String problem = view.tryWrap(buffer, offset, offset + lengthBytes, events);
        if (problem != null) {
            throw new IllegalStateException("a session wrote " + problem + ": sequence=" + events);
        }
        events++;
        if (applier != null) {
            applier.apply(view);
        }
        return stored;
    }

    /** The store is closed by who opened it. */
    @Override
    public void close() {}
}
