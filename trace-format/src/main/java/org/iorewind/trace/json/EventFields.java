package org.iorewind.trace.json;

import org.jspecify.annotations.Nullable;

/** The fields of one event, wherever they were read. */
public interface EventFields {
    /** Takes the value of a field; null if there is none. */
    @Nullable
    JsonValue take(String field);

    /** What to throw where a field is not as it must be, with its place. */
    RuntimeException error(String field, String expected, String found);
}
