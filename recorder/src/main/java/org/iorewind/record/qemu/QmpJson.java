package org.iorewind.record.qemu;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The few shapes of JSON that QEMU's monitor speaks: objects as maps, arrays as lists, numbers as {@link Long}. */
final class QmpJson {
    private static final JsonFactory JSON = new JsonFactory();
    private static final int MOST_DEPTH = 64;

    private QmpJson() {}

    /**
     * Reads one line.
     *
     * @throws IOException if it is not one JSON object
     */
    static Map<String, @Nullable Object> read(String line) throws IOException {
        try (JsonParser parser = JSON.createParser(line)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new QmpException("not a JSON object: " + line);
            }
            return object(parser, 0);
        }
    }

    private static Map<String, @Nullable Object> object(JsonParser parser, int depth) throws IOException {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            String name = parser.currentName();
            parser.nextToken();
            map.put(name, value(parser, depth + 1));
        }
        return map;
    }

    private static @Nullable Object value(JsonParser parser, int depth) throws IOException {
        if (depth > MOST_DEPTH) {
            throw new QmpException("nested more than " + MOST_DEPTH + " deep");
        }
        return switch (parser.currentToken()) {
            case START_OBJECT -> object(parser, depth);
            case START_ARRAY -> {
                List<@Nullable Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(parser, depth + 1));
                }
                yield list;
            }
            case VALUE_NUMBER_INT -> parser.getBigIntegerValue().longValue();
            case VALUE_NUMBER_FLOAT -> parser.getText();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            default -> parser.getText();
        };
    }

    /** A command with arguments that are texts, booleans or numbers. */
    static String command(String name, Map<String, Object> arguments) throws IOException {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = JSON.createGenerator(out)) {
            json.writeStartObject();
            json.writeStringField("execute", name);
            if (!arguments.isEmpty()) {
                json.writeObjectFieldStart("arguments");
                for (Map.Entry<String, Object> argument : arguments.entrySet()) {
                    json.writeFieldName(argument.getKey());
                    if (argument.getValue() instanceof Boolean flag) {
                        json.writeBoolean(flag);
                    } else if (argument.getValue() instanceof Number number) {
                        json.writeNumber(number.longValue());
                    } else {
                        json.writeString(argument.getValue().toString());
                    }
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        return out.append('\n').toString();
    }
}
