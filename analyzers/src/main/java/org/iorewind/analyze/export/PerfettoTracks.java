package org.iorewind.analyze.export;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import org.agrona.collections.LongHashSet;
import org.iorewind.analyze.text.PlainText;

/**
 * Writes packets: the description of a track before its first event, then events. Bounded: of tracks beyond the limit the
 * events go to the track that they would hang below. One thread.
 */
final class PerfettoTracks {
    private static final int MOST_TRACKS = 1 << 16;
    private static final int TEXT_LIMIT = 200;
    private static final long SEQUENCE = 1;

    private final OutputStream out;
    private final ProtobufWriter packet = new ProtobufWriter();
    private final LongHashSet known = new LongHashSet();
    private long timeNs;
    private boolean isFirst = true;

    PerfettoTracks(OutputStream out) {
        this.out = out;
    }

    /** Moves the clock. Tracks need time that goes forward; where the recording's steps back it stands still. */
    void at(long ns) {
        timeNs = Math.max(timeNs, ns);
    }

    /** The time that packets get. */
    long timeNs() {
        return timeNs;
    }

    /**
     * A track, described the first time.
     *
     * @param uuid of it, not 0
     * @param parent track that it hangs below, 0 if none
     * @param unit of a counter, 0 if it is none
     * @return the track to write to
     */
    long track(long uuid, long parent, String name, int unit) {
        if (known.contains(uuid)) {
            return uuid;
        }
        if (known.size() >= MOST_TRACKS && parent != 0) {
            return parent;
        }
        known.add(uuid);
        begin(timeNs);
        packet.begin(PerfettoDescriptor.TRACK_DESCRIPTOR);
        packet.number(PerfettoDescriptor.UUID, uuid);
        if (parent != 0) {
            packet.number(PerfettoDescriptor.PARENT, parent);
        }
        packet.text(PerfettoDescriptor.TRACK_NAME, PlainText.clip(name, TEXT_LIMIT));
        if (unit != 0) {
            packet.begin(PerfettoDescriptor.COUNTER)
                    .number(PerfettoDescriptor.UNIT, unit)
                    .end();
        }
        packet.end();
        finish();
        return uuid;
    }

    private void begin(long ns) {
        packet.clear().begin(PerfettoDescriptor.PACKET).number(PerfettoDescriptor.TIMESTAMP, ns);
        packet.number(PerfettoDescriptor.SEQUENCE_ID, SEQUENCE);
        if (isFirst) {
            packet.number(PerfettoDescriptor.SEQUENCE_FLAGS, PerfettoDescriptor.STATE_CLEARED);
            isFirst = false;
        }
    }

    /** Begins an event; annotations may follow, then {@link #done()}. */
    PerfettoTracks event(int type, long track, String category, String name) {
        return event(type, track, category, name, timeNs);
    }

    /** The same at another time. */
    PerfettoTracks event(int type, long track, String category, String name, long ns) {
        begin(ns);
        packet.begin(PerfettoDescriptor.TRACK_EVENT)
                .number(PerfettoDescriptor.TYPE, type)
                .number(PerfettoDescriptor.TRACK, track);
        if (type != PerfettoDescriptor.SLICE_END) {
            packet.text(PerfettoDescriptor.CATEGORY, category);
            packet.text(PerfettoDescriptor.NAME, PlainText.clip(name, TEXT_LIMIT));
        }
        return this;
    }

    PerfettoTracks number(String name, long value) {
        packet.begin(PerfettoDescriptor.ANNOTATION).text(PerfettoDescriptor.ANNOTATION_NAME, name);
        packet.number(PerfettoDescriptor.UNSIGNED_VALUE, value).end();
        return this;
    }

    PerfettoTracks address(String name, long value) {
        packet.begin(PerfettoDescriptor.ANNOTATION).text(PerfettoDescriptor.ANNOTATION_NAME, name);
        packet.number(PerfettoDescriptor.POINTER_VALUE, value).end();
        return this;
    }

    PerfettoTracks text(String name, String value) {
        packet.begin(PerfettoDescriptor.ANNOTATION).text(PerfettoDescriptor.ANNOTATION_NAME, name);
        packet.text(PerfettoDescriptor.TEXT_VALUE, PlainText.clip(value, TEXT_LIMIT))
                .end();
        return this;
    }

    /** The event belongs to a flow, as its last part or not. */
    PerfettoTracks flow(long id, boolean isLast) {
        packet.fixed64(isLast ? PerfettoDescriptor.LAST_FLOW : PerfettoDescriptor.FLOW, id);
        return this;
    }

    void done() {
        packet.end();
        finish();
    }

    void counter(long track, long value) {
        begin(timeNs);
        packet.begin(PerfettoDescriptor.TRACK_EVENT)
                .number(PerfettoDescriptor.TYPE, PerfettoDescriptor.COUNTER_EVENT)
                .number(PerfettoDescriptor.TRACK, track)
                .number(PerfettoDescriptor.COUNTER_VALUE, value)
                .end();
        finish();
    }

    private void finish() {
        try {
            packet.end().writeTo(out);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
