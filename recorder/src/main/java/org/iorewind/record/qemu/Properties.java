package org.iorewind.record.qemu;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A value of QEMU's {@code name,key=value,…} kind, where a comma in a value is written twice, or the same as a JSON object.
 *
 * @param parts in order, commas undone
 */
record Properties(List<String> parts) {
    static Properties of(String text) {
        if (text.startsWith("{")) {
            try {
                return ofJson(QmpJson.read(text));
            } catch (IOException e) {
                // QEMU will refuse it with a better message than ours
                return new Properties(List.of(text));
            }
        }
        List<String> parts = new ArrayList<>();
        StringBuilder part = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ',') {
                part.append(c);
            } else if (i + 1 < text.length() && text.charAt(i + 1) == ',') {
                part.append(c);
                i++;
            } else {
                parts.add(part.toString());
                part.setLength(0);
            }
        }
        parts.add(part.toString());
        return new Properties(List.copyOf(parts));
    }

    private static Properties ofJson(Map<String, @Nullable Object> object) {
        List<String> parts = new ArrayList<>();
        for (String kind : List.of("driver", "qom-type")) {
            Object model = object.get(kind);
            if (model != null) {
                parts.add(model.toString());
            }
        }
        for (Map.Entry<String, @Nullable Object> entry : object.entrySet()) {
            Object value = entry.getValue();
            String text = value instanceof Boolean flag ? (flag ? "on" : "off") : String.valueOf(value);
            parts.add(entry.getKey() + "=" + text);
        }
        return new Properties(List.copyOf(parts));
    }

    /** The first part: of a device its model. {@code driver=MODEL} says the same. */
    String first() {
        String first = parts.isEmpty() ? "" : parts.get(0);
        return first.startsWith("driver=") ? first.substring("driver=".length()) : first;
    }

    /** The value of the last part with this key, or null; a bare {@code key} is {@code on}. */
    @Nullable
    String get(String key) {
        String found = null;
        for (String part : parts) {
            if (part.startsWith(key + "=")) {
                found = part.substring(key.length() + 1);
            } else if (part.equals(key)) {
                found = "on";
            }
        }
        return found;
    }

    /** Whether a property of kind on/off is on. */
    boolean isOn(String key) {
        return isTrue(get(key));
    }

    /** Whether a property of kind on/off is there, and off. */
    boolean isOff(String key) {
        String value = get(key);
        return value != null && !isTrue(value) && !value.equals("auto");
    }

    private static boolean isTrue(@Nullable String value) {
        return "on".equals(value) || "yes".equals(value) || "true".equals(value) || "y".equals(value);
    }
}
