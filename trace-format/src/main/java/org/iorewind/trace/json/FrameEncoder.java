package org.iorewind.trace.json;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.agrona.MutableDirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;
import org.iorewind.trace.schema.EventType;
import org.iorewind.trace.schema.FieldForm;
import org.jspecify.annotations.Nullable;

/** Makes a frame of the fields of an event. Strict: each has to be there, of its form and in its range. Not thread-safe. */
public final class FrameEncoder {
    private static final int MAX_VARIABLE_LENGTH = 0xFFFF;
    private static final Pattern ADDRESS = Pattern.compile("0x([0-9a-fA-F]{1,16})");
    private static final Pattern BDF = Pattern.compile("([0-9a-fA-F]{2}):([01][0-9a-fA-F])\\.([0-7])");

    private final EventTable table = EventTable.standard();
    private final UnsafeBuffer buffer = new UnsafeBuffer(new byte[FrameDescriptor.MAX_FRAME_LENGTH]);

    /** Where the last frame begins, at 0; the next one takes its place. */
    public MutableDirectBuffer buffer() {
        return buffer;
    }

    /**
     * Takes all fields of a type and writes the frame into {@link #buffer}.
     *
     * @return its length in bytes
     * @throws RuntimeException what {@link EventFields#error} gives, if a field is not as it must be
     */
    public int encode(EventType type, EventFields fields) {
        buffer.setMemory(0, FrameDescriptor.HEADER_LENGTH + type.blockLength(), (byte) 0);
        int end = FrameDescriptor.HEADER_LENGTH + type.blockLength();
        for (EventField field : type.fields()) {
            @Nullable JsonValue value = fields.take(field.name());
            if (field.form().isVariable()) {
                end = putVariable(field, value, end, fields);
            } else {
                putFixed(field, value, fields);
            }
        }
        int length = FrameDescriptor.align(end);
        buffer.setMemory(end, length - end, (byte) 0);
        buffer.putShort(FrameDescriptor.BLOCK_LENGTH_OFFSET, (short) type.blockLength(), LITTLE_ENDIAN);
        buffer.putShort(FrameDescriptor.TEMPLATE_ID_OFFSET, (short) type.kind().templateId(), LITTLE_ENDIAN);
        buffer.putByte(FrameDescriptor.SCHEMA_ID_OFFSET, (byte) table.schemaId());
        buffer.putByte(FrameDescriptor.VERSION_OFFSET, (byte) type.version());
        buffer.putShort(
                FrameDescriptor.FRAME_WORDS_OFFSET, (short) (length / FrameDescriptor.ALIGNMENT), LITTLE_ENDIAN);
        return length;
    }

    private int putVariable(EventField field, @Nullable JsonValue value, int at, EventFields fields) {
        if (value == null || value.form() != JsonValue.Form.STRING) {
            throw wrong(field, "a string", value, fields);
        }
        byte[] data;
        if (field.form() == FieldForm.TEXT) {
            data = value.text().getBytes(UTF_8);
        } else {
            try {
                data = HexFormat.of().parseHex(value.text());
            } catch (IllegalArgumentException e) {
                throw wrong(field, "pairs of hexadecimal digits", value, fields);
            }
        }
        if (data.length > MAX_VARIABLE_LENGTH) {
            throw fields.error(field.name(), "at most " + MAX_VARIABLE_LENGTH + " bytes", data.length + " bytes");
        }
        buffer.putShort(at, (short) data.length, LITTLE_ENDIAN);
        buffer.putBytes(at + FrameDescriptor.VARIABLE_LENGTH_BYTES, data);
        return at + FrameDescriptor.VARIABLE_LENGTH_BYTES + data.length;
    }

    private void putFixed(EventField field, @Nullable JsonValue value, EventFields fields) {
        long number = number(field, value, fields);
        int at = FrameDescriptor.HEADER_LENGTH + field.offset();
        switch (field.sizeBytes()) {
            case 1 -> buffer.putByte(at, (byte) number);
            case 2 -> buffer.putShort(at, (short) number, LITTLE_ENDIAN);
            case 4 -> buffer.putInt(at, (int) number, LITTLE_ENDIAN);
            default -> buffer.putLong(at, number, LITTLE_ENDIAN);
        }
    }

    private long number(EventField field, @Nullable JsonValue value, EventFields fields) {
        if (value == null) {
            throw wrong(field, "a value", null, fields);
        }
        boolean isNull = value.form() == JsonValue.Form.NULL;
        return switch (field.form()) {
            case NUMBER -> isNull && field.name().equals(JsonLinesDescriptor.GUEST) ? 0 : integer(field, value, fields);
            case TIME -> integer(field, value, fields);
            case ADDRESS, BITS -> address(field, value, fields);
            case BDF -> bdf(field, value, fields);
            case PASID -> isNull ? EventTable.NO_PASID : integer(field, value, fields);
            case ENUM -> named(field, value, fields);
            case SET -> set(field, value, fields);
            case TEXT, BYTES -> throw new IllegalStateException("not a fixed field: field=" + field);
        };
    }

    private static long integer(EventField field, JsonValue value, EventFields fields) {
        int bits = field.sizeBytes() * Byte.SIZE;
        BigInteger most =
                BigInteger.ONE.shiftLeft(field.isSigned() ? bits - 1 : bits).subtract(BigInteger.ONE);
        BigInteger least = field.isSigned() ? most.not() : BigInteger.ZERO;
        if (value.form() == JsonValue.Form.INTEGER) {
            BigInteger number = new BigInteger(value.text());
            if (number.compareTo(least) >= 0 && number.compareTo(most) <= 0) {
                return number.longValue();
            }
        }
        throw wrong(field, "an integer from " + least + " to " + most, value, fields);
    }

    private static long address(EventField field, JsonValue value, EventFields fields) {
        Matcher matcher = ADDRESS.matcher(value.text());
        if (value.form() == JsonValue.Form.STRING && matcher.matches()) {
            long number = Long.parseUnsignedLong(matcher.group(1), 16);
            int bits = field.sizeBytes() * Byte.SIZE;
            if (bits == Long.SIZE || number >>> bits == 0) {
                return number;
            }
        }
        throw wrong(field, "\"0x\" and up to " + 2 * field.sizeBytes() + " hexadecimal digits", value, fields);
    }

    private static long bdf(EventField field, JsonValue value, EventFields fields) {
        Matcher matcher = BDF.matcher(value.text());
        if (value.form() != JsonValue.Form.STRING || !matcher.matches()) {
            throw wrong(field, "bus, device and function as in \"00:06.0\"", value, fields);
        }
        long bus = Integer.parseInt(matcher.group(1), 16);
        long device = Integer.parseInt(matcher.group(2), 16);
        return bus << 8 | device << 3 | Integer.parseInt(matcher.group(3), 16);
    }

    private static long named(EventField field, JsonValue value, EventFields fields) {
        if (value.form() == JsonValue.Form.STRING) {
            @Nullable Long known = field.valueOf(value.text());
            if (known != null) {
                return known;
            }
        } else if (value.form() == JsonValue.Form.INTEGER) {
            return integer(field, value, fields);
        }
        throw wrong(field, "one of " + field.names().values() + ", or a number", value, fields);
    }

    private static long set(EventField field, JsonValue value, EventFields fields) {
        if (value.form() != JsonValue.Form.ARRAY) {
            throw wrong(field, "a list of names or bit numbers", value, fields);
        }
        long bits = 0;
        for (JsonValue element : value.elements()) {
            long bit = named(field, element, fields);
            if (bit < 0 || bit >= (long) field.sizeBytes() * Byte.SIZE) {
                throw wrong(field, "bit numbers below " + field.sizeBytes() * Byte.SIZE, element, fields);
            }
            bits |= 1L << bit;
        }
        return bits;
    }

    private static RuntimeException wrong(
            EventField field, String expected, @Nullable JsonValue value, EventFields fields) {
        return fields.error(field.name(), expected, value == null ? "nothing" : value.describe());
    }
}
