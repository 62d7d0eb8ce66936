package org.iorewind.analyze.explain;

import org.agrona.DirectBuffer;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.FrameEventView;

/** Shows the events of an import to {@link LoggedFaults} as they come, and keeps none. One thread. */
public final class ExplainingAppender implements EventAppender {
    private final LoggedFaults faults;
    private final FrameEventView view = new FrameEventView();
    private long events;

    /** An appender that tells of each event. */
    public ExplainingAppender(LoggedFaults faults) {
        this.faults = faults;
    }

    @Override
    public long append(DirectBuffer buffer, int offset, int lengthBytes) {
        String problem = view.tryWrap(buffer, offset, offset + lengthBytes, events);
        if (problem != null) {
            throw new IllegalArgumentException("no event: " + problem);
        }
        faults.event(view);
        return events++;
    }

    @Override
    public void close() {
        // nothing is held
    }
}
