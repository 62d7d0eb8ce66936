package org.iorewind.replay.predicate;

import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompilerBuilder;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;
import org.iorewind.trace.schema.EventType;
import org.iorewind.trace.schema.FieldForm;
import org.jspecify.annotations.Nullable;

/** The names that an expression has for an event, and their values. */
final class EventValues {
    private static final double NS_PER_SECOND = 1e9;

    private final EventTable table = EventTable.standard();

    /** The names of the fields of all events, sorted. */
    static SortedSet<String> fields() {
        SortedSet<String> names = new TreeSet<>();
        for (EventType type : EventTable.standard().types()) {
            for (EventField field : type.fields()) {
                names.add(field.name());
            }
        }
        return names;
    }

    /** Makes the names known to a compiler. */
    static void declare(CelCompilerBuilder compiler) {
        compiler.addVar("sequence", SimpleType.INT)
                .addVar("seconds", SimpleType.DOUBLE)
                .addVar("kind", SimpleType.STRING)
                .addVar("eventClass", SimpleType.STRING);
        for (String name : fields()) {
            compiler.addVar(name, SimpleType.DYN);
        }
    }

    /** The value of a name; empty if this event has no such field. */
    Optional<Object> value(EventView event, String name) {
        EventKind kind = event.kind();
        return switch (name) {
            case "sequence" -> Optional.of(event.sequence());
            case "seconds" -> Optional.of(event.timeNs() / NS_PER_SECOND);
            case "kind" -> Optional.of(kind == null ? "#" + event.templateId() : kind.label());
            case "eventClass" ->
                kind == null ? Optional.empty() : Optional.of(kind.eventClass().label());
            default ->
                kind == null ? Optional.empty() : field(event, table.type(kind).field(name));
        };
    }

    private Optional<Object> field(EventView event, @Nullable EventField field) {
        if (field == null || !table.has(event, field)) {
            return Optional.empty();
        }
        FieldForm form = field.form();
        boolean words = form == FieldForm.BDF || form == FieldForm.ENUM || form == FieldForm.SET || form.isVariable();
        return Optional.of(words ? (Object) table.text(event, field) : (Object) table.rawValue(event, field));
    }
}
