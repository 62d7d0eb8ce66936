package org.iorewind.trace.json;

import java.util.List;

/**
 * A value of an event's field as it stands in JSON. Immutable.
 *
 * @param form string, integer, null or array
 * @param text of a string or an integer; empty for others
 * @param elements of an array; empty for others
 */
public record JsonValue(Form form, String text, List<JsonValue> elements) {
    private static final int LONGEST_SHOWN = 40;

    /** The forms that fields have. */
    public enum Form {
        /** A text. */
        STRING,
        /** A whole number of any length. */
        INTEGER,
        /** Nothing. */
        NULL,
        /** A list of the others. */
        ARRAY
    }

    /** Copies the list. */
    public JsonValue {
        elements = List.copyOf(elements);
    }

    /** Nothing. */
    public static JsonValue none() {
        return new JsonValue(Form.NULL, "", List.of());
    }

    /** A text. */
    public static JsonValue string(String text) {
        return new JsonValue(Form.STRING, text, List.of());
    }

    /** A whole number, in decimal digits. */
    public static JsonValue integer(String digits) {
        return new JsonValue(Form.INTEGER, digits, List.of());
    }

    /** A list. */
    public static JsonValue array(List<JsonValue> elements) {
        return new JsonValue(Form.ARRAY, "", elements);
    }

    /** For messages; cut, since it can be long. */
    public String describe() {
        String shown = text.length() > LONGEST_SHOWN ? text.substring(0, LONGEST_SHOWN) + "..." : text;
        return switch (form) {
            case STRING -> '"' + shown + '"';
            case INTEGER -> shown;
            case NULL -> "null";
            case ARRAY -> "an array";
        };
    }
}
