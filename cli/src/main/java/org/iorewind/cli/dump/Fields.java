package org.iorewind.cli.dump;

import java.nio.ByteOrder;
import java.util.Locale;
import org.iorewind.analyze.text.Notation;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

/**
 * The fields of the event at hand by name. A field that the event does not hold, since an older version wrote it, reads
 * as 0 or empty. Not thread-safe.
 */
public final class Fields {
    private final EventTable table = EventTable.standard();
    private @Nullable EventView event;

    /** Looks at no event yet. */
    public Fields() {}

    /** Looks at this event from now on; its kind must be known. */
    public Fields of(EventView current) {
        event = current;
        return this;
    }

    /** The field as people read it. */
    public String text(String name) {
        return table.text(event(), field(name));
    }

    /** An enum's value in small letters; {@code #7} if it has no name. */
    public String word(String name) {
        return text(name).toLowerCase(Locale.ROOT).replace('_', ' ');
    }

    /** An address or register value. */
    public String hex(String name) {
        return Notation.hex(raw(name));
    }

    /** The number in a fixed field. */
    public long raw(String name) {
        EventField field = field(name);
        return table.has(event(), field) ? table.rawValue(event(), field) : 0;
    }

    /** Bytes of a variable field. */
    int length(String name) {
        EventField field = field(name);
        return table.has(event(), field) ? table.dataLength(event(), field) : 0;
    }

    /**
     * The first bytes of a variable field in hexadecimal.
     *
     * @param limit bytes shown at most
     */
    String bytes(String name, int limit) {
        int shown = Math.min(limit, length(name));
        StringBuilder text = new StringBuilder(2 * shown);
        int at = shown == 0 ? 0 : table.dataOffset(event(), field(name));
        for (int i = 0; i < shown; i++) {
            int b = event().buffer().getByte(at + i) & 0xff;
            text.append(Character.forDigit(b >> 4, 16)).append(Character.forDigit(b & 15, 16));
        }
        return text.toString();
    }

    /** The 64-bit little-endian number at a place of a variable field that is long enough. */
    long quadword(String name, int index) {
        int at = table.dataOffset(event(), field(name)) + index * Long.BYTES;
        return event().buffer().getLong(at, ByteOrder.LITTLE_ENDIAN);
    }

    private EventView event() {
        EventView current = event;
        if (current == null) {
            throw new IllegalStateException("no event at hand");
        }
        return current;
    }

    private EventField field(String name) {
        EventKind kind = event().kind();
        EventField field = kind == null ? null : table.type(kind).field(name);
        if (field == null) {
            throw new IllegalArgumentException("the schema has no such field: kind=" + kind + " field=" + name);
        }
        return field;
    }
}
