package org.iorewind.cli.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The answer to a command of the debugger: one JSON object on one line, ASCII only. */
public final class AnswerJson {
    private static final JsonFactory FACTORY =
            JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private AnswerJson() {}

    /**
     * Writes the object and the end of its line.
     *
     * @param object of texts, numbers, booleans, lists, trees and nulls, in the order in which they are written
     * @throws IOException from the stream
     */
    public static void write(Map<String, @Nullable Object> object, PrintStream out) throws IOException {
        try (JsonGenerator json = FACTORY.createGenerator(out)) {
            json.disable(JsonGenerator.Feature.AUTO_CLOSE_TARGET);
            value(json, object);
        }
        out.print('\n');
    }

    private static void value(JsonGenerator json, @Nullable Object value) throws IOException {
        if (value == null) {
            json.writeNull();
        } else if (value instanceof Map<?, ?> tree) {
            json.writeStartObject();
            for (Map.Entry<?, ?> entry : tree.entrySet()) {
                json.writeFieldName(String.valueOf(entry.getKey()));
                value(json, entry.getValue());
            }
            json.writeEndObject();
        } else if (value instanceof List<?> members) {
            json.writeStartArray();
            for (Object member : members) {
                value(json, member);
            }
            json.writeEndArray();
        } else if (value instanceof Boolean answer) {
            json.writeBoolean(answer);
        } else if (value instanceof Double number) {
            json.writeNumber(number);
        } else if (value instanceof Number number) {
            json.writeNumber(number.longValue());
        } else {
            json.writeString(String.valueOf(value));
        }
    }
}
