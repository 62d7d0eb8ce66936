package org.iorewind.record.ring;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.schema.EventTable;
import org.junit.jupiter.api.Test;

class RingEventsTest {
    private final List<String> trace = new ArrayList<>();
    private final RingEvents events =
            new RingEvents(appender((buffer, offset, length) -> trace.add(told(buffer, offset, length))));

    private interface Frames {
        void take(DirectBuffer buffer, int offset, int length);
    }

    private static EventAppender appender(Frames frames) {
        return new EventAppender() {
            @Override
            public long append(DirectBuffer buffer, int offset, int lengthBytes) {
                frames.take(buffer, offset, lengthBytes);
                return SEQUENCE_PENDING;
            }

            @Override
            public void close() {}
        };
    }

    /** Kind, and count or text if it has one. */
    private static String told(DirectBuffer buffer, int offset, int length) {
        FrameEventView view = new FrameEventView();
        assertThat(view.tryWrap(buffer, offset, offset + length, 0)).isNull();
        EventTable table = EventTable.standard();
        EventKind kind = java.util.Objects.requireNonNull(view.kind());
        StringBuilder told = new StringBuilder(kind.label());
        for (String name : new String[] {"reason", "count", "spanNs", "text", "note"}) {
            var field = table.type(kind).field(name);
            if (field != null) {
                told.append(' ').append(table.text(view, field));
            }
        }
        return told.toString();
    }

    @Test
    void framesArePassedOnAsTheyAre() {
        new EventWriter(appender(events::event)).at(5).mark(7, "seven");
        assertThat(trace).containsExactly("Mark seven");
        assertThat(events.events()).isEqualTo(1);
    }

    @Test
    void whatIsNoFrameBecomesAGap() {
        events.event(new UnsafeBuffer(new byte[64]), 0, 64);
        assertThat(trace).singleElement().asString().startsWith("Gap DAMAGED 1 0 not an event frame: ");
        assertThat(events.refused()).isEqualTo(1);
    }

    @Test
    void aWriterCannotEndTheSession() {
        new EventWriter(appender(events::event)).at(5).sessionEnd(org.iorewind.trace.sbe.EndReason.CLEAN, "");
        assertThat(trace).singleElement().asString().contains("which only the recorder writes");
    }

    @Test
    void lossesBecomeGapsWithTheirSpan() {
        events.lost(1_000, 4_000, 12, "the ring was full");
        assertThat(trace).containsExactly("Gap QUEUE_FULL 12 3000 the ring was full");
        assertThat(events.lost()).isEqualTo(12);
    }

    @Test
    void textsBecomeLinesOfTheConsole() {
        byte[] text = "hello".getBytes(UTF_8);
        events.text(1, 2, RingDescriptor.STREAM_NOTE, new UnsafeBuffer(text), 0, text.length);
        assertThat(trace).containsExactly("ConsoleLine hello");
    }
}
