package org.iorewind.record;

import java.nio.ByteOrder;
import java.util.concurrent.atomic.AtomicLong;
import org.agrona.DirectBuffer;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.FrameDescriptor;

/** Counts what goes into a trace. One thread appends, any may look. */
public final class MeteredAppender implements EventAppender {
    private final EventAppender below;
    private final AtomicLong events = new AtomicLong();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong gaps = new AtomicLong();

    /** In front of this appender, which closing this one leaves open. */
    public MeteredAppender(EventAppender below) {
        this.below = below;
    }

    @Override
    public long append(DirectBuffer buffer, int offset, int lengthBytes) {
        long sequence = below.append(buffer, offset, lengthBytes);
        events.lazySet(events.getPlain() + 1);
        bytes.lazySet(bytes.getPlain() + lengthBytes);
        int template = buffer.getShort(offset + FrameDescriptor.TEMPLATE_ID_OFFSET, ByteOrder.LITTLE_ENDIAN);
        if (template == EventKind.GAP.templateId()) {
            gaps.lazySet(gaps.getPlain() + 1);
        }
        return sequence;
    }

    /** Events appended so far. */
    public long events() {
        return events.get();
    }

    /** Bytes of them, before compression. */
    public long bytes() {
        return bytes.get();
    }

    /** Gaps among them. */
    public long gaps() {
        return gaps.get();
    }

    @Override
    public void close() {
        // the trace belongs to the caller
    }
}
