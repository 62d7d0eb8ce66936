package org.iorewind.replay.predicate;

import java.util.AbstractMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Fields of a state value by name, computed when they are asked for. */
final class FieldMap extends AbstractMap<String, Object> {
    private final Map<String, Supplier<Object>> fields = new LinkedHashMap<>();

    FieldMap with(String name, Supplier<Object> value) {
        fields.put(name, value);
        return this;
    }

    @Override
    public @Nullable Object get(@Nullable Object name) {
        Supplier<Object> field = fields.get(name);
        return field == null ? null : field.get();
    }

    @Override
    public boolean containsKey(@Nullable Object name) {
        return fields.containsKey(name);
    }

    @Override
    public Set<String> keySet() {
        return fields.keySet();
    }

    @Override
    public Set<Entry<String, Object>> entrySet() {
        Map<String, Object> values = new LinkedHashMap<>();
        fields.forEach((name, value) -> values.put(name, value.get()));
        return values.entrySet();
    }
}
