package org.iorewind.analyze.export;

import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventFlag;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;
import org.iorewind.trace.schema.FieldForm;
import org.jspecify.annotations.Nullable;

/** The events of a trace as tables: one for each kind, and one of all kinds. Stateless. */
public final class EventTables {
    /** Name of the table of all events. */
    public static final String ALL = "events";

    private static final String GUEST = "guest";

    private static final List<Column> ALL_COLUMNS = List.of(
            Column.number("sequence"),
            Column.number("timeNs"),
            Column.text("kind"),
            Column.text("eventClass"),
            Column.number("source"),
            Column.number("iommu"),
            Column.number(GUEST));

    private EventTables() {}

    /**
     * Writes tables, each as soon as it has a row; those without one only if they are asked for by name.
     *
     * @param kinds kinds whose tables are wanted
     * @param isAllWanted whether the table of all events is wanted
     * @param areEmptyWanted whether a table without a row is written too
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     */
    public static void write(
            TraceReader trace, Set<EventKind> kinds, boolean isAllWanted, boolean areEmptyWanted, TableTarget target)
            throws IOException {
        EventTable table = EventTable.standard();
        Map<EventKind, TableWriter> writers = new EnumMap<>(EventKind.class);
        TableWriter all = isAllWanted ? target.open(ALL, ALL_COLUMNS) : null;
        if (areEmptyWanted) {
            for (EventKind kind : kinds) {
                writers.put(kind, target.open(kind.label(), columns(table, kind)));
            }
        }
        try (EventCursor cursor = trace.cursor()) {
            while (cursor.next()) {
                EventView event = cursor.event();
                @Nullable EventKind kind = event.kind();
                if (all != null) {
                    any(all, event, kind);
                }
                if (kind != null && kinds.contains(kind)) {
                    @Nullable TableWriter writer = writers.get(kind);
                    if (writer == null) {
                        writer = target.open(kind.label(), columns(table, kind));
                        writers.put(kind, writer);
                    }
                    row(writer, table, event, kind);
                }
            }
        }
        if (all != null) {
            all.close();
        }
        for (TableWriter writer : writers.values()) {
            writer.close();
        }
    }

    private static void any(TableWriter writer, EventView event, @Nullable EventKind kind) throws IOException {
        writer.number(event.sequence());
        writer.number(event.timeNs());
        if (kind == null) {
            writer.text("#" + event.templateId());
            writer.none();
        } else {
            writer.text(kind.label());
            writer.text(kind.eventClass().name().toLowerCase(Locale.ROOT).replace('_', '-'));
        }
        writer.number(event.source());
        writer.number(event.iommu());
        if (event.guest() < 0) {
            writer.none();
        } else {
            writer.number(event.guest());
        }
        writer.endRow();
    }

    private static List<Column> columns(EventTable table, EventKind kind) {
        List<Column> columns = new ArrayList<>();
        columns.add(Column.number("sequence"));
        for (EventField field : table.type(kind).fields()) {
            columns.add(new Column(field.name(), type(field)));
        }
        return columns;
    }

    private static Column.Type type(EventField field) {
        return switch (field.form()) {
            case NUMBER ->
                field.isSigned() || field.sizeBytes() < Long.BYTES ? Column.Type.NUMBER : Column.Type.UNSIGNED;
            case TIME, PASID -> Column.Type.NUMBER;
            case ADDRESS, BITS -> Column.Type.UNSIGNED;
            case BDF, ENUM, SET, TEXT -> Column.Type.TEXT;
            case BYTES -> Column.Type.BYTES;
        };
    }

    private static void row(TableWriter writer, EventTable table, EventView event, EventKind kind) throws IOException {
        writer.number(event.sequence());
        for (EventField field : table.type(kind).fields()) {
            if (!table.has(event, field)) {
                writer.none();
                continue;
            }
            switch (field.form()) {
                case NUMBER, TIME, ADDRESS, BITS, PASID -> number(writer, table, event, field);
                case BDF, ENUM, SET, TEXT -> writer.text(table.text(event, field));
                case BYTES -> writer.bytes(table.data(event, field));
            }
        }
        writer.endRow();
    }

    private static void number(TableWriter writer, EventTable table, EventView event, EventField field)
            throws IOException {
        long value = table.rawValue(event, field);
        boolean isNoPasid = field.form() == FieldForm.PASID && value == EventTable.NO_PASID;
        boolean isNoGuest = GUEST.equals(field.name()) && (event.flags() & EventFlag.GUEST_PRESENT) == 0 && value == 0;
        if (isNoPasid || isNoGuest) {
            writer.none();
        } else {
            writer.number(value);
        }
    }
}
