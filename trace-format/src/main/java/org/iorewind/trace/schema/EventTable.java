package org.iorewind.trace.schema;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;
import org.agrona.DirectBuffer;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.FrameDescriptor;
import org.jspecify.annotations.Nullable;

/**
 * The schema of all events, read from its compiled form: the generic view that JSON Lines, dump and filters use.
 *
 * <p>Immutable; may be shared between threads. Events handed in must come from a cursor, which has checked them.
 */
public final class EventTable {
    /** Raw value of a {@link FieldForm#PASID} field when the request carries no prefix. */
    public static final long NO_PASID = 0xFFFF_FFFFL;

    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final int PASID_BITS = 20;
    private static final int PASID_EXECUTE = 1 << 20;
    private static final int PASID_PRIVILEGED = 1 << 21;

    private final int schemaId;
    private final int schemaVersion;
    private final Map<EventKind, EventType> types;
    private final EventType[] byKind;

    EventTable(int schemaId, int schemaVersion, EnumMap<EventKind, EventType> types) {
        this.schemaId = schemaId;
        this.schemaVersion = schemaVersion;
        this.types = Collections.unmodifiableMap(types);
        this.byKind = types.values().toArray(EventType[]::new);
    }

    /** The schema this program was built with. */
    public static EventTable standard() {
        return Standard.TABLE;
    }

    /** The schema id that frames carry. */
    public int schemaId() {
        return schemaId;
    }

    /** The newest minor version of the schema that this program knows in full; a frame carries {@link EventType#version()}. */
    public int schemaVersion() {
        return schemaVersion;
    }

    /** All event types, by template id. */
    public Collection<EventType> types() {
        return types.values();
    }

    /** The type of a kind of event. */
    public EventType type(EventKind kind) {
        return byKind[kind.ordinal()];
    }

    /** Whether the event holds the field: events of an older minor version may not. */
    public boolean has(EventView event, EventField field) {
        if (field.form().isVariable()) {
            return field.sinceVersion() <= event.version();
        }
        return field.offset() + field.sizeBytes() <= event.blockLength();
    }

    /**
     * The number in a fixed field: sign-extended if the field is signed, else zero-extended; 64-bit values as they are.
     *
     * @throws IllegalArgumentException if the field is variable or the event does not hold it
     */
    public long rawValue(EventView event, EventField field) {
        if (field.form().isVariable() || !has(event, field)) {
            throw new IllegalArgumentException("no number: field=" + field + " version=" + event.version());
        }
        DirectBuffer buffer = event.buffer();
        int at = event.bodyOffset() + field.offset();
        return switch (field.sizeBytes()) {
            case 1 -> field.isSigned() ? buffer.getByte(at) : buffer.getByte(at) & 0xFFL;
            case 2 ->
                field.isSigned() ? buffer.getShort(at, LITTLE_ENDIAN) : buffer.getShort(at, LITTLE_ENDIAN) & 0xFFFFL;
            case 4 ->
                field.isSigned()
                        ? buffer.getInt(at, LITTLE_ENDIAN)
                        : Integer.toUnsignedLong(buffer.getInt(at, LITTLE_ENDIAN));
            default -> buffer.getLong(at, LITTLE_ENDIAN);
        };
    }

    /**
     * Offset of the content of a variable field in the event's buffer.
     *
     * @throws IllegalArgumentException if the field is not variable or the event does not hold it
     */
    public int dataOffset(EventView event, EventField field) {
        if (!field.form().isVariable() || !has(event, field)) {
            throw new IllegalArgumentException("no data: field=" + field + " version=" + event.version());
        }
        int at = event.bodyOffset() + event.blockLength();
        for (int i = 0; i < field.offset(); i++) {
            at += FrameDescriptor.VARIABLE_LENGTH_BYTES + (event.buffer().getShort(at, LITTLE_ENDIAN) & 0xFFFF);
        }
        return at + FrameDescriptor.VARIABLE_LENGTH_BYTES;
    }

    /** Length of the content of a variable field in bytes; the rest as {@link #dataOffset}. */
    public int dataLength(EventView event, EventField field) {
        int lengthAt = dataOffset(event, field) - FrameDescriptor.VARIABLE_LENGTH_BYTES;
        return event.buffer().getShort(lengthAt, LITTLE_ENDIAN) & 0xFFFF;
    }

    /** The content of a variable field. */
    public byte[] data(EventView event, EventField field) {
        byte[] data = new byte[dataLength(event, field)];
        event.buffer().getBytes(dataOffset(event, field), data);
        return data;
    }

    /**
     * The value of a field as people read it: {@code 00:06.0}, {@code 0xfed80000}, {@code 12.345678000s}, names of enum
     * values, names of bits joined by {@code |}, text as it is, bytes in hexadecimal. A field that the event does not
     * hold is empty.
     */
    public String text(EventView event, EventField field) {
        if (!has(event, field)) {
            return "";
        }
        return switch (field.form()) {
            case TEXT -> new String(data(event, field), UTF_8);
            case BYTES -> hex(data(event, field));
            default -> text(field, rawValue(event, field));
        };
    }

    /**
     * A raw value of a fixed field as people read it.
     *
     * @throws IllegalArgumentException if the field is variable
     */
    public static String text(EventField field, long value) {
        return switch (field.form()) {
            case NUMBER -> field.isSigned() ? Long.toString(value) : Long.toUnsignedString(value);
            case TIME -> seconds(value);
            case ADDRESS, BITS -> "0x" + Long.toHexString(value);
            case BDF -> bdf((int) value);
            case PASID -> pasid(value);
            case ENUM -> enumName(field, value);
            case SET -> setNames(field, value);
            case TEXT, BYTES -> throw new IllegalArgumentException("not a number: field=" + field);
        };
    }

    /** A requester id as people write it: bus, device and function, {@code 00:06.0}. */
    public static String bdf(int requester) {
        return String.format(
                Locale.ROOT, "%02x:%02x.%x", requester >> 8 & 0xFF, requester >> 3 & 0x1F, requester & 0x7);
    }

    private static String seconds(long ns) {
        String sign = ns < 0 ? "-" : "";
        long whole = ns / NS_PER_SECOND;
        long fraction = Math.abs(ns % NS_PER_SECOND);
        return sign + Long.toUnsignedString(Math.abs(whole)) + String.format(Locale.ROOT, ".%09ds", fraction);
    }

    private static String pasid(long value) {
        if (value == NO_PASID) {
            return "none";
        }
        StringBuilder text = new StringBuilder("0x").append(Long.toHexString(value & (1 << PASID_BITS) - 1));
        if ((value & PASID_EXECUTE) != 0) {
            text.append("|execute");
        }
        if ((value & PASID_PRIVILEGED) != 0) {
            text.append("|privileged");
        }
        return text.toString();
    }

    private static String enumName(EventField field, long value) {
        @Nullable String name = field.nameOf(value);
        return name != null ? name : "#" + value;
    }

    private static String setNames(EventField field, long value) {
        StringJoiner joined = new StringJoiner("|");
        for (long rest = value; rest != 0; rest &= rest - 1) {
            joined.add(enumName(field, Long.numberOfTrailingZeros(rest)));
        }
        return joined.toString();
    }

    private static String hex(byte[] data) {
        return HexFormat.of().formatHex(data);
    }

    /** Read on first use: programs that never look at events generically do not pay for it. */
    private static final class Standard {
        static final EventTable TABLE = EventTableReader.standard();
    }
}
