package org.iorewind.samples.workload;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.iorewind.trace.json.JsonValue;
import org.jspecify.annotations.Nullable;

/**
 * A value of a description, with its place for messages. Immutable after reading.
 *
 * @param path where it stands, such as {@code phases[1].work[0].count}; empty for the document
 * @param value a map of names to nodes, a list of nodes, a text, a number, or the word of anything else
 */
record JsonNode(String path, Object value) {
    private static final int DEEPEST = 8;
    /** No number of an event is longer than 64 bits. */
    private static final Pattern WHOLE = Pattern.compile("-?[0-9]{1,20}");

    /** A word that is neither text nor number: true, false, null, or a number with a fraction. */
    private record Other(String word) {}

    /**
     * Reads a document.
     *
     * @param bytes UTF-8
     * @param mostValues so many are taken
     * @throws WorkloadException if it is none, or too large
     */
    static JsonNode read(byte[] bytes, int mostValues) {
        try (JsonParser json = new JsonFactory().createParser(bytes)) {
            return read(json, mostValues);
        } catch (JsonProcessingException e) {
            String place = e.getLocation() == null
                    ? ""
                    : "line " + e.getLocation().getLineNr() + ", column "
                            + e.getLocation().getColumnNr() + ": ";
            throw new WorkloadException(place + "expected JSON, found something else", e);
        } catch (IOException e) {
            throw new WorkloadException("expected JSON in UTF-8, found bytes that are none", e);
        }
    }

    private static JsonNode read(JsonParser json, int mostValues) throws IOException {
        json.nextToken();
        JsonNode document = new Reading(json, mostValues).node("", 0);
        if (json.nextToken() != null) {
            throw new WorkloadException("expected one JSON object, found more behind it");
        }
        return document;
    }

    private static final class Reading {
        private final JsonParser json;
        private final int most;
        private int nodes;

        Reading(JsonParser json, int most) {
            this.json = json;
            this.most = most;
        }

        JsonNode node(String path, int depth) throws IOException {
            nodes++;
            if (nodes > most || depth > DEEPEST) {
                throw new WorkloadException("expected up to " + most + " values, " + DEEPEST
                        + " levels deep, found more at " + place(path));
            }
            JsonToken token = json.currentToken();
            if (token == JsonToken.START_OBJECT) {
                return new JsonNode(path, fields(path, depth));
            }
            if (token == JsonToken.START_ARRAY) {
                List<JsonNode> elements = new ArrayList<>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    elements.add(node(path + "[" + elements.size() + "]", depth + 1));
                }
                return new JsonNode(path, elements);
            }
            if (token == JsonToken.VALUE_STRING) {
                return new JsonNode(path, json.getText());
            }
            if (token == JsonToken.VALUE_NUMBER_INT && json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
                return new JsonNode(path, json.getLongValue());
            }
            return new JsonNode(path, new Other(token == null ? "nothing" : json.getText()));
        }

        private Map<String, JsonNode> fields(String path, int depth) throws IOException {
            Map<String, JsonNode> fields = new LinkedHashMap<>();
            while (json.nextToken() == JsonToken.FIELD_NAME) {
                String name = json.currentName();
                json.nextToken();
                String place = path.isEmpty() ? name : path + "." + name;
                if (fields.put(name, node(place, depth + 1)) != null) {
                    throw new WorkloadException(place(place) + " stands there twice");
                }
            }
            return fields;
        }
    }

    private static String place(String path) {
        return path.isEmpty() ? "the document" : JsonValue.shown(path);
    }

    WorkloadException unexpected(String expected) {
        return new WorkloadException(place(path) + ": expected " + expected + ", found " + found());
    }

    private String found() {
        if (value instanceof Map) {
            return "an object";
        }
        if (value instanceof List) {
            return "an array";
        }
        return value instanceof Other other
                ? JsonValue.shown(other.word())
                : value instanceof String text ? '"' + JsonValue.shown(text) + '"' : value.toString();
    }

    /** Its fields, whatever they are. */
    Map<?, ?> object() {
        if (value instanceof Map<?, ?> fields) {
            return fields;
        }
        throw unexpected("an object");
    }

    /** Its fields, of which there are none but these. */
    Map<?, ?> object(List<String> names) {
        Map<?, ?> fields = object();
        for (Object name : fields.keySet()) {
            if (!names.contains(name)) {
                throw new WorkloadException(place(path) + ": there is no field \"" + JsonValue.shown(name.toString())
                        + "\"; fields: " + String.join(", ", names));
            }
        }
        return fields;
    }

    /** A field, or null. */
    @Nullable
    JsonNode field(String name) {
        return value instanceof Map<?, ?> fields && fields.get(name) instanceof JsonNode node ? node : null;
    }

    /** A field that must be there. */
    JsonNode needed(String name) {
        JsonNode node = field(name);
        if (node == null) {
            throw new WorkloadException(place(path) + ": expected a field \"" + name + "\", found none");
        }
        return node;
    }

    List<JsonNode> array(int most) {
        if (!(value instanceof List<?> elements)) {
            throw unexpected("an array");
        }
        if (elements.size() > most) {
            throw unexpected("up to " + most + " elements");
        }
        return elements.stream().map(JsonNode.class::cast).toList();
    }

    String text() {
        if (value instanceof String text) {
            return text;
        }
        throw unexpected("a text");
    }

    long number() {
        if (value instanceof Long number) {
            return number;
        }
        throw unexpected("a whole number");
    }

    boolean isText() {
        return value instanceof String;
    }

    /** The value of an event's field. */
    JsonValue fieldValue() {
        if (value instanceof List<?> elements) {
            return JsonValue.array(elements.stream()
                    .map(element -> ((JsonNode) element).fieldValue())
                    .toList());
        }
        if (value instanceof String text) {
            return JsonValue.string(text);
        }
        if (value instanceof Long number) {
            return JsonValue.integer(number.toString());
        }
        if (value instanceof Other other) {
            if (other.word().equals("null")) {
                return JsonValue.none();
            }
            if (WHOLE.matcher(other.word()).matches()) {
                return JsonValue.integer(other.word());
            }
        }
        throw unexpected("a text, a whole number, null or a list of these");
    }

    /** One of these words, as its place in the list. */
    int word(List<String> words) {
        int at = words.indexOf(text());
        if (at < 0) {
            throw unexpected("one of " + String.join(", ", words));
        }
        return at;
    }
}
