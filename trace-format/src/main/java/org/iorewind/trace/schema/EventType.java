package org.iorewind.trace.schema;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.trace.EventKind;
import org.jspecify.annotations.Nullable;

/** The fields of one kind of event, in the schema's order. Immutable. */
public final class EventType {
    private final EventKind kind;
    private final String description;
    private final int blockLength;
    private final List<EventField> fields;
    private final Map<String, EventField> byName = new LinkedHashMap<>();
    private final int version;
    private final int[] blockLengthOfVersion;
    private final int[] variableFieldsOfVersion;

    EventType(
            EventKind kind,
            String description,
            int blockLength,
            int sinceVersion,
            int schemaVersion,
            List<EventField> fields) {
        this.kind = kind;
        this.description = description;
        this.blockLength = blockLength;
        this.fields = List.copyOf(fields);
        blockLengthOfVersion = new int[schemaVersion + 1];
        variableFieldsOfVersion = new int[schemaVersion + 1];
        int lastChange = sinceVersion;
        for (EventField field : fields) {
            lastChange = Math.max(lastChange, field.sinceVersion());
            byName.put(field.name(), field);
            for (int version = field.sinceVersion(); version <= schemaVersion; version++) {
                if (field.form().isVariable()) {
                    variableFieldsOfVersion[version]++;
                } else {
                    blockLengthOfVersion[version] =
                            Math.max(blockLengthOfVersion[version], field.offset() + field.sizeBytes());
                }
            }
        }
        version = lastChange;
    }

    /** The kind of event. */
    public EventKind kind() {
        return kind;
    }

    /** What the schema says about it; may be empty. */
    public String description() {
        return description;
    }

    /** The minor version of the schema in which this type last changed: the one that its frames carry. */
    public int version() {
        return version;
    }

    /** Length of the fixed fields in bytes, as this version of the schema writes them. */
    public int blockLength() {
        return blockLength;
    }

    /** All fields: those of {@code origin}, the fixed ones, the variable ones. */
    public List<EventField> fields() {
        return fields;
    }

    /** The field with this name, or null. */
    public @Nullable EventField field(String name) {
        return byName.get(name);
    }

    /** Least length of the fixed fields in an event that a given minor version of the schema wrote. */
    public int minBlockLength(int version) {
        return blockLengthOfVersion[Math.min(version, blockLengthOfVersion.length - 1)];
    }

    /** Number of variable fields that an event of a given minor version of the schema has at least. */
    public int variableFields(int version) {
        return variableFieldsOfVersion[Math.min(version, variableFieldsOfVersion.length - 1)];
    }

    @Override
    public String toString() {
        return kind.label();
    }
}
