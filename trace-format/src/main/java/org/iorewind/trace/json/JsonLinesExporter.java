package org.iorewind.trace.json;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.HexFormat;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;
import org.iorewind.trace.schema.EventType;
import org.iorewind.trace.schema.FieldForm;
import org.jspecify.annotations.Nullable;

/** Writes events as JSON Lines. Not thread-safe. */
public final class JsonLinesExporter {
    private final EventTable table = EventTable.standard();
    private final JsonGenerator json;

    private JsonLinesExporter(JsonGenerator json) {
        this.json = json;
    }

    /**
     * Writes all events of a trace.
     *
     * @param trace what to write
     * @param out takes UTF-8 text; is flushed, not closed
     * @return number of events
     * @throws TraceFormatException if the trace is damaged; the events before are written then
     * @throws TraceStoreException if {@code out} cannot be written
     */
    public static long export(TraceReader trace, OutputStream out) {
        long events = 0;
        try (EventCursor cursor = trace.cursor();
                JsonGenerator json = FieldJson.FACTORY
                        .createGenerator(out, JsonEncoding.UTF8)
                        .disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET)
                        .setRootValueSeparator(null)) {
            JsonLinesExporter exporter = new JsonLinesExporter(json);
            while (cursor.next()) {
                exporter.write(cursor.event());
                events++;
            }
        } catch (IOException e) {
            String nextStep = "check free space and permissions";
            throw new TraceStoreException("JSON Lines output", "", "to write", PlainReason.of(e), nextStep, e);
        }
        return events;
    }

    /** One event as a line, without the line feed. */
    public static String line(EventView event) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FieldJson.FACTORY.createGenerator(text).setRootValueSeparator(null)) {
            new JsonLinesExporter(json).write(event);
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail", e);
        }
        return text.toString().stripTrailing();
    }

    private void write(EventView event) throws IOException {
        json.writeStartObject();
        json.writeNumberField(JsonLinesDescriptor.SEQUENCE, event.sequence());
        @Nullable EventKind kind = event.kind();
        boolean exact;
        if (kind == null) {
            json.writeStringField(
                    JsonLinesDescriptor.KIND, JsonLinesDescriptor.UNNAMED_KIND + Integer.toString(event.templateId()));
            exact = false;
        } else {
            json.writeStringField(JsonLinesDescriptor.KIND, kind.label());
            EventType type = table.type(kind);
            for (EventField field : type.fields()) {
                if (table.has(event, field)) {
                    json.writeFieldName(field.name());
                    FieldJson.write(json, event, field);
                }
            }
            exact = isExact(event, type);
        }
        if (!exact) {
            byte[] frame = new byte[event.frameLength()];
            event.buffer().getBytes(event.offset(), frame);
            json.writeStringField(JsonLinesDescriptor.FRAME, HexFormat.of().formatHex(frame));
        }
        json.writeEndObject();
        json.writeRaw('\n');
    }

    /** Whether an importer makes the very same frame from the fields. */
    private boolean isExact(EventView event, EventType type) {
        if (event.version() != type.version() || event.blockLength() != type.blockLength()) {
            return false;
        }
        int end = event.bodyOffset() + event.blockLength();
        for (EventField field : type.fields()) {
            if (field.form().isVariable()) {
                byte[] data = table.data(event, field);
                end = table.dataOffset(event, field) + data.length;
                if (field.form() == FieldForm.TEXT && !Arrays.equals(data, new String(data, UTF_8).getBytes(UTF_8))) {
                    return false;
                }
            }
        }
        int frameEnd = event.offset() + event.frameLength();
        if (FrameDescriptor.align(end - event.offset()) != event.frameLength()) {
            return false;
        }
        for (int at = end; at < frameEnd; at++) {
            if (event.buffer().getByte(at) != 0) {
                return false;
            }
        }
        return true;
    }
}
