package org.iorewind.samples.workload;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.agrona.DirectBuffer;
import org.iorewind.replay.RegisterNames;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventTap;
import org.iorewind.trace.EventView;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.json.FieldJson;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;
import org.iorewind.trace.schema.FieldForm;

/** Writes the JSON form of steps, one a line, which {@link ScenarioReader} reads. */
public final class StepWriter {
    private static final EventTable TABLE = EventTable.standard();

    private StepWriter() {}

    /** What puts a field into an object. */
    @FunctionalInterface
    private interface Content {
        void write(JsonGenerator json) throws IOException;
    }

    /** The JSON form, with a line feed at its end. */
    public static String write(StepScenario scenario) {
        StringBuilder text = new StringBuilder("{\n");
        field(text, StepWords.NAME, json -> json.writeString(scenario.name()));
        field(text, WorkloadReader.STORY, json -> json.writeString(scenario.story()));
        field(text, WorkloadReader.TAGS, json -> {
            json.writeStartArray();
            for (String tag : scenario.tags()) {
                json.writeString(tag);
            }
            json.writeEndArray();
        });
        text.append("  \"").append(StepWords.MACHINE).append("\": ").append(machine(scenario.machine()));
        text.append(",\n  \"").append(StepWords.STEPS).append("\": [");
        String separator = "\n";
        for (Step step : scenario.steps()) {
            text.append(separator).append("    ").append(event(step.event(0)));
            separator = ",\n";
        }
        return text.append("\n  ]\n}\n").toString();
    }

    private static void field(StringBuilder text, String name, Content value) {
        text.append("  \"").append(name).append("\": ").append(json(value)).append(",\n");
    }

    private static String json(Content value) {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FieldJson.FACTORY.createGenerator(text)) {
            value.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException("a string cannot fail", e);
        }
        return text.toString();
    }

    private static String machine(StepMachine machine) {
        StringBuilder text = new StringBuilder();
        new EventWriter(new EventTap(event -> text.append(event(event))))
                .sessionStart(new SessionInfo(
                        0,
                        0,
                        Fidelity.FULL,
                        machine.startState(),
                        0,
                        0,
                        machine.mmioBase(),
                        machine.extendedFeatures(),
                        machine.extendedFeatures2(),
                        0,
                        machine.deviceOptions(),
                        machine.profile(),
                        "",
                        "",
                        ""));
        return text.toString();
    }

    /** What is as usual is left out. */
    private static String event(EventView event) {
        EventKind kind = event.kind();
        if (kind == null) {
            throw new IllegalArgumentException("no step: templateId=" + event.templateId());
        }
        return json(json -> {
            json.writeStartObject();
            if (kind != EventKind.SESSION_START) {
                json.writeStringField(StepWords.DO, kind.label());
            }
            String space = "";
            for (EventField field : TABLE.type(kind).fields()) {
                if (!TABLE.has(event, field) || StepWords.isNever(kind, field.name())) {
                    continue;
                }
                String value = field.name().equals(StepWords.FLAGS)
                        ? flags(event, field)
                        : json(one -> FieldJson.write(one, event, field));
                space = field.name().equals(StepWords.SPACE) ? value : space;
                if (!value.equals(StepWords.usual(kind, field.name()))) {
                    write(json, event, field, value, space.equals(StepWords.HOST_SPACE));
                }
            }
            json.writeEndObject();
        });
    }

    private static void write(JsonGenerator json, EventView event, EventField field, String value, boolean isHost)
            throws IOException {
        if (field.name().equals(StepWords.OFFSET) && isHost) {
            Optional<String> name = RegisterNames.name(TABLE.rawValue(event, field));
            if (name.isPresent()) {
                json.writeStringField(StepWords.REGISTER, name.get());
                return;
            }
        }
        if (field.form() == FieldForm.BYTES && TABLE.dataLength(event, field) % Long.BYTES == 0) {
            json.writeFieldName(StepWords.WORDS);
            writeWords(json, event.buffer(), TABLE.dataOffset(event, field), TABLE.dataLength(event, field));
            return;
        }
        json.writeFieldName(field.name());
        json.writeRawValue(value);
    }

    private static void writeWords(JsonGenerator json, DirectBuffer buffer, int from, int length) throws IOException {
        json.writeStartArray();
        int zeros = 0;
        for (int at = 0; at < length; at += Long.BYTES) {
            long word = buffer.getLong(from + at, LITTLE_ENDIAN);
            if (word == 0) {
                zeros++;
                continue;
            }
            writeZeros(json, zeros);
            zeros = 0;
            json.writeString("0x" + Long.toHexString(word));
        }
        writeZeros(json, zeros);
        json.writeEndArray();
    }

    private static void writeZeros(JsonGenerator json, int zeros) throws IOException {
        if (zeros == 1) {
            json.writeString("0x0");
        } else if (zeros > 0) {
            json.writeNumber(zeros);
        }
    }

    /** A guest says itself that there is one. */
    private static String flags(EventView event, EventField field) {
        return json(json -> {
            json.writeStartArray();
            for (long rest = TABLE.rawValue(event, field); rest != 0; rest &= rest - 1) {
                int bit = Long.numberOfTrailingZeros(rest);
                String name = field.nameOf(bit);
                if (name == null) {
                    json.writeNumber(bit);
                } else if (!name.equals(StepWords.GUEST_PRESENT)) {
                    json.writeString(name);
                }
            }
            json.writeEndArray();
        });
    }
}
