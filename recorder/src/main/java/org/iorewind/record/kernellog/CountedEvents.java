package org.iorewind.record.kernellog;

import org.agrona.DirectBuffer;
import org.iorewind.trace.EventAppender;

/** Counts what passes; closing it leaves the appender below open. */
final class CountedEvents implements EventAppender {
    private final EventAppender below;
    private long events;

    CountedEvents(EventAppender below) {
        this.below = below;
    }

    @Override
    public long append(DirectBuffer buffer, int offset, int lengthBytes) {
        long sequence = below.append(buffer, offset, lengthBytes);
        events++;
        return sequence;
    }

    long events() {
        return events;
    }

    @Override
    public void close() {
        // the appender belongs to the caller
    }
}
