package org.iorewind.trace.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.trace.EventKind;
import org.jspecify.annotations.Nullable;
import uk.co.real_logic.sbe.PrimitiveType;
import uk.co.real_logic.sbe.ir.Ir;
import uk.co.real_logic.sbe.ir.IrDecoder;
import uk.co.real_logic.sbe.ir.Signal;
import uk.co.real_logic.sbe.ir.Token;

/** Turns the token stream of the compiled schema into an {@link EventTable}. */
final class EventTableReader {
    private static final String RESOURCE = "/org/iorewind/trace/iorewind-events.sbeir";
    private static final String TIME_OF_ORIGIN = "timeNs";

    private final List<EventField> fields = new ArrayList<>();
    private int variableFields;

    private EventTableReader() {}

    static EventTable standard() {
        Ir ir = load();
        EnumMap<EventKind, EventType> types = new EnumMap<>(EventKind.class);
        for (List<Token> message : ir.messages()) {
            Token start = message.get(0);
            EventKind kind = EventKind.of(start.id());
            if (kind == null) {
                throw new IllegalStateException("the schema has a message without an EventKind: " + start.name());
            }
            List<EventField> fields = new EventTableReader().fields(message);
            String description = text(start.description());
            int since = Math.max(0, start.version());
            types.put(kind, new EventType(kind, description, start.encodedLength(), since, ir.version(), fields));
        }
        if (types.size() != EventKind.values().length) {
            throw new IllegalStateException("the schema lacks messages: it has only " + types.keySet());
        }
        return new EventTable(ir.id(), ir.version(), types);
    }

    private static Ir load() {
        try (InputStream in = EventTable.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IllegalStateException("the compiled event schema is not on the class path: " + RESOURCE);
            }
            try (IrDecoder decoder =
                    new IrDecoder(ByteBuffer.wrap(in.readAllBytes()).order(ByteOrder.LITTLE_ENDIAN))) {
                return decoder.decode();
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + RESOURCE, e);
        }
    }

    private List<EventField> fields(List<Token> message) {
        // The first and the last token are the message itself.
        for (int i = 1; i < message.size() - 1; ) {
            Token token = message.get(i);
            int next = i + token.componentTokenCount();
            if (token.signal() == Signal.BEGIN_FIELD) {
                addFixed(token, message.subList(i + 1, next - 1));
            } else if (token.signal() == Signal.BEGIN_VAR_DATA) {
                addVariable(token, message.subList(i + 1, next - 1));
            } else {
                throw new IllegalStateException("unknown structure in the schema: " + token);
            }
            i = next;
        }
        return fields;
    }

    private void addFixed(Token field, List<Token> type) {
        Token first = type.get(0);
        if (first.signal() != Signal.BEGIN_COMPOSITE) {
            add(field, field.name(), field.offset(), type);
            return;
        }
        // A composite is flattened: its parts are fields in their own right.
        for (int i = 1; i < type.size() - 1; ) {
            Token part = type.get(i);
            int next = i + part.componentTokenCount();
            add(part, part.name(), field.offset() + part.offset(), type.subList(i, next));
            i = next;
        }
    }

    private void add(Token named, String name, int offset, List<Token> type) {
        Token first = type.get(0);
        PrimitiveType primitive = first.encoding().primitiveType();
        Map<Long, String> names = new LinkedHashMap<>();
        Map<String, Long> values = new LinkedHashMap<>();
        for (Token token : type) {
            if (token.signal() == Signal.VALID_VALUE || token.signal() == Signal.CHOICE) {
                long value = token.encoding().constValue().longValue();
                names.put(value, token.name());
                values.put(token.name(), value);
            }
        }
        FieldForm form = switch (first.signal()) {
            case BEGIN_ENUM -> FieldForm.ENUM;
            case BEGIN_SET -> FieldForm.SET;
            default ->
                form(name, named.encoding().semanticType(), first.encoding().semanticType());
        };
        boolean signed = switch (primitive) {
            case INT8, INT16, INT32, INT64 -> true;
            default -> false;
        };
        fields.add(new EventField(
                name,
                form,
                offset,
                primitive.size(),
                signed,
                Math.max(0, named.version()),
                names,
                values,
                text(named.description())));
    }

    private void addVariable(Token field, List<Token> type) {
        Token data = type.get(type.size() - 2);
        boolean isText = data.encoding().characterEncoding() != null;
        fields.add(new EventField(
                field.name(),
                isText ? FieldForm.TEXT : FieldForm.BYTES,
                variableFields++,
                0,
                false,
                Math.max(0, field.version()),
                Map.of(),
                Map.of(),
                text(field.description())));
    }

    private static FieldForm form(String name, @Nullable String ofField, @Nullable String ofType) {
        if (name.equals(TIME_OF_ORIGIN)) {
            // The compiled schema keeps no semanticType for the parts of a composite.
            return FieldForm.TIME;
        }
        String semanticType = ofField != null ? ofField : text(ofType);
        return switch (semanticType) {
            case "time" -> FieldForm.TIME;
            case "address" -> FieldForm.ADDRESS;
            case "bits" -> FieldForm.BITS;
            case "bdf" -> FieldForm.BDF;
            case "pasid" -> FieldForm.PASID;
            case "" -> FieldForm.NUMBER;
            default -> throw new IllegalStateException("unknown semanticType in the schema: " + semanticType);
        };
    }

    private static String text(@Nullable String mayBeNull) {
        return mayBeNull == null ? "" : mayBeNull;
    }
}
