package org.iorewind.trace.json;

import java.util.HexFormat;
import java.util.List;
import org.iorewind.trace.VisibleText;

/**
 * A value of an event's field as it stands in JSON. Immutable.
 *
 * @param form string, integer, null or array
 * @param text of a string or an integer; empty for others
 * @param elements of an array; empty for others
 */
public record JsonValue(Form form, String text, List<JsonValue> elements) {
    private static final int LONGEST_SHOWN = 40;
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

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

    /** For messages, as {@link #shown(String)} says. */
    public String describe() {
        return switch (form) {
            case STRING -> '"' + shown(text) + '"';
            case INTEGER -> shown(text);
            case NULL -> "null";
            case ARRAY -> "an array";
        };
    }

    /**
     * A text of an input for a message: cut, since it can be long, and without {@linkplain VisibleText characters that act}.
     *
     * @param text anything
     * @return its first 40 characters at most, those that act as JSON escapes them
     */
    public static String shown(String text) {
        StringBuilder plain = new StringBuilder();
        int end = Math.min(text.length(), LONGEST_SHOWN);
        int next;
        for (int i = 0; i < end; i = next) {
            int c = text.codePointAt(i);
            next = i + Character.charCount(c);
            if (!VisibleText.acts(c)) {
                plain.appendCodePoint(c);
                continue;
            }
            for (int half = i; half < next; half++) {
                plain.append("\\u").append(HEX.toHexDigits(text.charAt(half)));
            }
        }
        return text.length() > LONGEST_SHOWN ? plain + "..." : plain.toString();
    }
}
