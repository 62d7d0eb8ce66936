package org.iorewind.trace.schema;

import java.util.Collections;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One field of an event type. Immutable.
 */
public final class EventField {
    private final String name;
    private final FieldForm form;
    private final int offset;
    private final int sizeBytes;
    private final boolean signed;
    private final int sinceVersion;
    private final Map<Long, String> names;
    private final Map<String, Long> values;
    private final String description;

    EventField(
            String name,
            FieldForm form,
            int offset,
            int sizeBytes,
            boolean signed,
            int sinceVersion,
            Map<Long, String> names,
            Map<String, Long> values,
            String description) {
        this.name = name;
        this.form = form;
        this.offset = offset;
        this.sizeBytes = sizeBytes;
        this.signed = signed;
        this.sinceVersion = sinceVersion;
        this.names = Collections.unmodifiableMap(names);
        this.values = Collections.unmodifiableMap(values);
        this.description = description;
    }

    /** The schema's name; the parts of {@code origin} carry their own: {@code timeNs}, {@code source}, ... */
    public String name() {
        return name;
    }

    /** How people read it. */
    public FieldForm form() {
        return form;
    }

    /** Offset in bytes from the start of the body; for variable fields the position among them, from 0. */
    public int offset() {
        return offset;
    }

    /** Size in bytes: 1, 2, 4 or 8; 0 for variable fields. */
    public int sizeBytes() {
        return sizeBytes;
    }

    /** Whether the number is signed. */
    public boolean isSigned() {
        return signed;
    }

    /** Minor version of the schema that brought the field. */
    public int sinceVersion() {
        return sinceVersion;
    }

    /** What the schema says about it; may be empty. */
    public String description() {
        return description;
    }

    /**
     * The names of an {@link FieldForm#ENUM} by value, or of a {@link FieldForm#SET} by bit number, ascending; empty
     * for other forms.
     */
    public Map<Long, String> names() {
        return names;
    }

    /** The name of an enum value or of a set's bit number, or null if the schema has none. */
    public @Nullable String nameOf(long value) {
        return names.get(value);
    }

    /** The enum value or the set's bit number with this name, or null if the schema has none. */
    public @Nullable Long valueOf(String valueName) {
        return values.get(valueName);
    }

    @Override
    public String toString() {
        return name;
    }
}
