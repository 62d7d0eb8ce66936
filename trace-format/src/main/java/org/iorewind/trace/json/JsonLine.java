package org.iorewind.trace.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceFormatException;
import org.jspecify.annotations.Nullable;

/** One line, parsed: a flat object of scalars and arrays of scalars. */
final class JsonLine implements EventFields {
    private static final int MAX_DEPTH = 3;
    private static final int MAX_NAME_LENGTH = 256;
    /** No number of an event is longer: 20 digits and a sign. */
    private static final int MAX_NUMBER_LENGTH = 32;

    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(JsonLinesDescriptor.MAX_LINE_LENGTH)
                    .maxNestingDepth(MAX_DEPTH)
                    .maxNameLength(MAX_NAME_LENGTH)
                    .maxNumberLength(MAX_NUMBER_LENGTH)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private final String name;
    private final long number;
    private final Map<String, JsonValue> values = new LinkedHashMap<>();

    private JsonLine(String name, long number) {
        this.name = name;
        this.number = number;
    }

    /**
     * Parses a line.
     *
     * @param bytes hold the line
     * @param length of the line
     * @param name of the input, for messages
     * @param number of the line, from 1
     * @throws TraceFormatException if it is not such an object
     */
    static JsonLine parse(byte[] bytes, int length, String name, long number) {
        JsonLine line = new JsonLine(name, number);
        try (JsonParser parser = FACTORY.createParser(bytes, 0, length)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw line.error("", "a JSON object", words(parser.currentToken()));
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                line.values.put(field, line.value(parser, parser.nextToken(), field));
            }
            if (parser.nextToken() != null) {
                throw line.error("", "one object in the line", "more behind it");
            }
        } catch (JsonProcessingException e) {
            throw line.error("", "JSON", problem(e));
        } catch (IOException e) {
            throw line.error("", "JSON", PlainReason.of(e));
        }
        return line;
    }

    private static String words(@Nullable JsonToken token) {
        if (token == null) {
            return "nothing";
        }
        return switch (token) {
            case START_OBJECT, END_OBJECT -> "an object";
            case START_ARRAY, END_ARRAY -> "a list";
            case VALUE_STRING -> "a string";
            case VALUE_NUMBER_INT -> "an integer";
            case VALUE_NUMBER_FLOAT -> "a number that is no integer";
            case VALUE_TRUE, VALUE_FALSE -> "true or false";
            case VALUE_NULL -> "null";
            case FIELD_NAME -> "the name of a field";
            case VALUE_EMBEDDED_OBJECT, NOT_AVAILABLE -> "something else";
        };
    }

    /** The parser's own messages advise on its settings, which are none of the reader's. */
    private static String problem(JsonProcessingException e) {
        if (String.valueOf(e.getOriginalMessage()).startsWith("Duplicate field")) {
            return "the same field twice";
        }
        String what = e instanceof JsonEOFException ? "the end of the line in the middle of it" : "something else";
        return e.getLocation() == null
                ? what
                : what + " at column " + e.getLocation().getColumnNr();
    }

    private JsonValue value(JsonParser parser, JsonToken token, String field) throws IOException {
        if (token == JsonToken.START_ARRAY) {
            List<JsonValue> elements = new ArrayList<>();
            for (JsonToken next = parser.nextToken(); next != JsonToken.END_ARRAY; next = parser.nextToken()) {
                elements.add(scalar(parser, next, field));
            }
            return JsonValue.array(elements);
        }
        return scalar(parser, token, field);
    }

    private JsonValue scalar(JsonParser parser, @Nullable JsonToken token, String field) throws IOException {
        if (token == null) {
            throw error(field, "a value", "the end of the line");
        }
        return switch (token) {
            case VALUE_STRING -> JsonValue.string(parser.getText());
            case VALUE_NUMBER_INT -> JsonValue.integer(parser.getText());
            case VALUE_NULL -> JsonValue.none();
            default -> throw error(field, "a string, an integer, null or a list of these", words(token));
        };
    }

    /** Takes the value out of the line. */
    @Override
    public @Nullable JsonValue take(String field) {
        return values.remove(field);
    }

    /** Refuses the line if a field was not taken. */
    void requireAllTaken(String kind) {
        for (String field : values.keySet()) {
            throw error(field, "a field of " + kind, "a name that it does not have");
        }
    }

    @Override
    public TraceFormatException error(String field, String expected, String found) {
        String place = field.isEmpty() ? "line " + number : "line " + number + ", field " + JsonValue.shown(field);
        return new TraceFormatException(name, place, expected, found, "correct the line and import again");
    }
}
