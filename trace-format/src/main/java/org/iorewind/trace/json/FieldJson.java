package org.iorewind.trace.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.util.HexFormat;
import org.iorewind.trace.EventFlag;
import org.iorewind.trace.EventView;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;
import org.iorewind.trace.schema.FieldForm;
import org.jspecify.annotations.Nullable;

/** Values of events' fields as JSON, which {@link FrameEncoder} takes back. */
public final class FieldJson {
    /** Makes generators of pure ASCII: text of a trace must not steer the terminal that it is shown on. */
    public static final JsonFactory FACTORY =
            new JsonFactoryBuilder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final EventTable TABLE = EventTable.standard();
    private static final HexFormat HEX = HexFormat.of();

    private FieldJson() {}

    /**
     * Writes the value of a field that the event holds.
     *
     * @throws IOException from the generator
     */
    public static void write(JsonGenerator json, EventView event, EventField field) throws IOException {
        if (field.form().isVariable()) {
            byte[] data = TABLE.data(event, field);
            json.writeString(field.form() == FieldForm.TEXT ? new String(data, UTF_8) : HEX.formatHex(data));
            return;
        }
        long value = TABLE.rawValue(event, field);
        switch (field.form()) {
            case NUMBER, TIME -> writeNumber(json, event, field, value);
            case ADDRESS, BITS, BDF -> json.writeString(EventTable.text(field, value));
            case PASID -> {
                if (value == EventTable.NO_PASID) {
                    json.writeNull();
                } else {
                    json.writeNumber(value);
                }
            }
            case ENUM -> writeName(json, field, value);
            case SET -> {
                json.writeStartArray();
                for (long rest = value; rest != 0; rest &= rest - 1) {
                    writeName(json, field, Long.numberOfTrailingZeros(rest));
                }
                json.writeEndArray();
            }
            case TEXT, BYTES -> throw new IllegalStateException("not a fixed field: field=" + field);
        }
    }

    private static void writeNumber(JsonGenerator json, EventView event, EventField field, long value)
            throws IOException {
        boolean noGuest = field.name().equals(JsonLinesDescriptor.GUEST)
                && value == 0
                && (event.flags() & EventFlag.GUEST_PRESENT) == 0;
        if (noGuest) {
            json.writeNull();
        } else if (field.isSigned()) {
            json.writeNumber(value);
        } else {
            json.writeNumber(Long.toUnsignedString(value));
        }
    }

    private static void writeName(JsonGenerator json, EventField field, long value) throws IOException {
        @Nullable String name = field.nameOf(value);
        if (name != null) {
            json.writeString(name);
        } else {
            json.writeNumber(value);
        }
    }
}
