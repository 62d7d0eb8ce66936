package org.iorewind.record.ring;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;
import org.iorewind.trace.schema.EventType;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/** Writes {@code iorewind_events.h}: offsets from the compiled schema, names of values from its text. */
final class EventsHeader {
    private static final String START = """
            /*
             * iorewind_events.h: event frames in C. Made from iorewind-events.xml, which says what the fields mean; do not edit.
             * After a change of the schema: mvn -pl recorder test -Dtest=EventsHeaderTest -Diorewind.header.write=true
             *
             * A frame is a structure, then each variable field as a 16-bit length and bytes, then zeros up to a multiple of 8:
             *
             *   size_t length = iorewind_frame_length(sizeof(struct iorewind_mark) + 2 + text_bytes);
             *   struct iorewind_mark *mark = iorewind_ring_claim(&ring, IOREWIND_RECORD_EVENT, length);
             *   iorewind_frame_start(mark, IOREWIND_MARK, length);
             *   mark->origin.time_ns = iorewind_ring_now(&ring);
             *   mark->number = 7;
             *   iorewind_frame_data(mark + 1, text, text_bytes);
             *   iorewind_ring_commit(mark);
             *
             * Little-endian, C11 with GCC or Clang.
             */
            #ifndef IOREWIND_EVENTS_H
            #define IOREWIND_EVENTS_H

            #include <stddef.h>
            #include <stdint.h>
            #include <string.h>

            #define IOREWIND_PACKED __attribute__((packed))
            """;

    private static final String END = """

            /* Length of a frame whose fields need so many bytes. */
            static inline size_t iorewind_frame_length(size_t bytes) { return (bytes + 7) & ~(size_t)7; }

            /* Writes the header of a frame whose memory is zero, as that of a claimed record is. */
            static inline void iorewind_frame_start(void *frame, enum iorewind_event event, size_t length) {
                struct iorewind_header *header = frame;
                header->block_length = iorewind_block_length(event);
                header->template_id = (uint16_t)event;
                header->schema_id = IOREWIND_SCHEMA_ID;
                header->version = iorewind_event_version(event);
                header->frame_words = (uint16_t)(length / 8);
            }

            /* Writes one variable field; returns where the next one starts. */
            static inline void *iorewind_frame_data(void *at, const void *bytes, uint16_t length) {
                memcpy(at, &length, 2);
                memcpy((uint8_t *)at + 2, bytes, length);
                return (uint8_t *)at + 2 + length;
            }

            #endif
            """;

    private final StringBuilder out = new StringBuilder();
    private final EventTable table = EventTable.standard();

    static String text() {
        EventsHeader header = new EventsHeader();
        header.write();
        return header.out.toString();
    }

    private void write() {
        out.append(START);
        line("");
        line("#define IOREWIND_SCHEMA_ID " + table.schemaId());
        line("#define IOREWIND_SCHEMA_VERSION " + table.schemaVersion());
        line("#define IOREWIND_LONGEST_FRAME " + FrameDescriptor.MAX_FRAME_LENGTH);
        events();
        values();
        line("");
        line("struct IOREWIND_PACKED iorewind_header {");
        line("    uint16_t block_length;");
        line("    uint16_t template_id;");
        line("    uint8_t schema_id;");
        line("    uint8_t version;");
        line("    uint16_t frame_words;");
        line("};");
        structure("origin", origin(), 0, false, FrameDescriptor.ORIGIN_LENGTH);
        for (EventType type : table.types()) {
            List<EventField> own = new ArrayList<>(type.fields());
            own.removeIf(field -> origin().stream().anyMatch(part -> part.name().equals(field.name())));
            structure(
                    snake(type.kind().label()),
                    own,
                    FrameDescriptor.HEADER_LENGTH,
                    true,
                    FrameDescriptor.HEADER_LENGTH + type.blockLength());
        }
        lookUp("uint16_t iorewind_block_length", EventType::blockLength);
        lookUp("uint8_t iorewind_event_version", EventType::version);
        out.append(END);
    }

    private List<EventField> origin() {
        return table.type(EventKind.MARK).fields().stream()
                .filter(field -> !field.form().isVariable()
                        && field.offset() + field.sizeBytes() <= FrameDescriptor.ORIGIN_LENGTH)
                .toList();
    }

    private void events() {
        line("");
        line("enum iorewind_event {");
        List<String> lines = new ArrayList<>();
        for (EventType type : table.types()) {
            lines.add("    IOREWIND_" + upper(type.kind().label()) + " = "
                    + type.kind().templateId());
        }
        line(String.join(",\n", lines));
        line("};");
    }

    /** Enums and sets, in the order of the schema. */
    private void values() {
        NodeList types = schema().getElementsByTagName("types").item(0).getChildNodes();
        for (int i = 0; i < types.getLength(); i++) {
            if (types.item(i) instanceof Element type
                    && (type.getTagName().equals("enum") || type.getTagName().equals("set"))) {
                boolean set = type.getTagName().equals("set");
                NodeList values = type.getElementsByTagName(set ? "choice" : "validValue");
                line("");
                line("enum iorewind_" + snake(type.getAttribute("name")) + " {");
                List<String> lines = new ArrayList<>();
                for (int v = 0; v < values.getLength(); v++) {
                    Element value = (Element) values.item(v);
                    String number = value.getTextContent().strip();
                    lines.add("    IOREWIND_" + upper(type.getAttribute("name")) + "_"
                            + upper(value.getAttribute("name")) + " = " + (set ? "1 << " + number : number));
                }
                line(String.join(",\n", lines));
                line("};");
            }
        }
    }

    private static Element schema() {
        try (InputStream in = Objects.requireNonNull(
                EventTable.class.getResourceAsStream("/org/iorewind/trace/iorewind-events.xml"))) {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(in)
                    .getDocumentElement();
        } catch (IOException | SAXException | ParserConfigurationException e) {
            throw new IllegalStateException(e);
        }
    }

    private void structure(String name, List<EventField> fields, int start, boolean event, int size) {
        line("");
        line("struct IOREWIND_PACKED iorewind_" + name + " {");
        if (event) {
            line("    struct iorewind_header header;");
            line("    struct iorewind_origin origin;");
        }
        List<String> checks = new ArrayList<>();
        List<String> variable = new ArrayList<>();
        for (EventField field : fields) {
            if (field.form().isVariable()) {
                variable.add(field.name());
                continue;
            }
            line("    " + (field.isSigned() ? "int" : "uint") + field.sizeBytes() * 8 + "_t " + snake(field.name())
                    + ";");
            checks.add("_Static_assert(offsetof(struct iorewind_" + name + ", " + snake(field.name()) + ") == "
                    + (start + field.offset()) + ", \"schema\");");
        }
        line("};" + (variable.isEmpty() ? "" : " /* then: " + String.join(", ", variable) + " */"));
        checks.forEach(this::line);
        line("_Static_assert(sizeof(struct iorewind_" + name + ") == " + size + ", \"schema\");");
    }

    private void lookUp(String function, java.util.function.ToIntFunction<EventType> value) {
        line("");
        line("static inline " + function + "(enum iorewind_event event) {");
        line("    switch (event) {");
        for (EventType type : table.types()) {
            line("    case IOREWIND_" + upper(type.kind().label()) + ": return " + value.applyAsInt(type) + ";");
        }
        line("    }");
        line("    return 0;");
        line("}");
    }

    private void line(String text) {
        out.append(text).append('\n');
    }

    private static String snake(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }

    private static String upper(String name) {
        return snake(name).toUpperCase(Locale.ROOT);
    }
}
