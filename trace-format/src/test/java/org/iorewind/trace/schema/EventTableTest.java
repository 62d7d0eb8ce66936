package org.iorewind.trace.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashSet;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventList;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.DmaRequestDecoder;
import org.iorewind.trace.sbe.SessionStartDecoder;
import org.junit.jupiter.api.Test;

class EventTableTest {
    private final EventTable table = EventTable.standard();

    private EventField field(EventKind kind, String name) {
        EventField field = table.type(kind).field(name);
        assertThat(field).as(name).isNotNull();
        return field;
    }

    @Test
    void everyKindOfEventHasItsType() {
        assertThat(table.schemaId()).isEqualTo(17);
        assertThat(table.types()).hasSize(EventKind.values().length);
        for (EventKind kind : EventKind.values()) {
            assertThat(table.type(kind).kind()).isSameAs(kind);
        }
    }

    @Test
    void theOriginOfEveryTypeLiesWhereTheFrameDescriptorSays() {
        for (EventKind kind : EventKind.values()) {
            int body = FrameDescriptor.HEADER_LENGTH;
            assertThat(field(kind, "timeNs").offset() + body).isEqualTo(FrameDescriptor.TIME_OFFSET);
            assertThat(field(kind, "source").offset() + body).isEqualTo(FrameDescriptor.SOURCE_OFFSET);
            assertThat(field(kind, "iommu").offset() + body).isEqualTo(FrameDescriptor.IOMMU_OFFSET);
            assertThat(field(kind, "guest").offset() + body).isEqualTo(FrameDescriptor.GUEST_OFFSET);
            assertThat(field(kind, "flags").offset() + body).isEqualTo(FrameDescriptor.FLAGS_OFFSET);
            assertThat(field(kind, "timeNs").form()).isEqualTo(FieldForm.TIME);
        }
    }

    @Test
    void namesOfFieldsAreUniqueAndFieldsFillTheBlock() {
        for (EventType type : table.types()) {
            HashSet<String> names = new HashSet<>();
            int end = 0;
            for (EventField field : type.fields()) {
                assertThat(names.add(field.name())).as("%s.%s", type, field).isTrue();
                if (!field.form().isVariable()) {
                    assertThat(field.offset()).as("%s.%s", type, field).isEqualTo(end);
                    end += field.sizeBytes();
                }
            }
            assertThat(end).isEqualTo(type.blockLength()).isEqualTo(type.minBlockLength(0));
        }
    }

    @Test
    void theGeneratedCodecsAgree() {
        assertThat(table.type(EventKind.SESSION_START).blockLength()).isEqualTo(SessionStartDecoder.BLOCK_LENGTH);
        assertThat(table.type(EventKind.SESSION_START).variableFields(0)).isEqualTo(4);
        assertThat(field(EventKind.DMA_REQUEST, "pasid").offset()).isEqualTo(DmaRequestDecoder.pasidEncodingOffset());
    }

    @Test
    void formsComeFromTheSchema() {
        assertThat(field(EventKind.DMA_REQUEST, "requester").form()).isEqualTo(FieldForm.BDF);
        assertThat(field(EventKind.DMA_REQUEST, "pasid").form()).isEqualTo(FieldForm.PASID);
        assertThat(field(EventKind.DMA_REQUEST, "length").form()).isEqualTo(FieldForm.NUMBER);
        assertThat(field(EventKind.DMA_REQUEST, "access").form()).isEqualTo(FieldForm.ENUM);
        assertThat(field(EventKind.COMMAND_CONSUMED, "qword0Known").form()).isEqualTo(FieldForm.BITS);
        assertThat(field(EventKind.MEMORY_WRITE, "data").form()).isEqualTo(FieldForm.BYTES);
        assertThat(field(EventKind.MARK, "text").form()).isEqualTo(FieldForm.TEXT);
        assertThat(field(EventKind.DRIVER_CALL, "result").isSigned()).isTrue();
        assertThat(field(EventKind.TRANSLATION, "rights").nameOf(7)).isEqualTo("known");
        assertThat(field(EventKind.TRANSLATION, "outcome").valueOf("FAULT")).isEqualTo(1);
    }

    @Test
    void valuesAreWrittenAsPeopleWriteThem() {
        assertThat(EventTable.text(field(EventKind.MARK, "timeNs"), 12_345_678_000L))
                .isEqualTo("12.345678000s");
        assertThat(EventTable.text(field(EventKind.MARK, "timeNs"), -1)).isEqualTo("-0.000000001s");
        assertThat(EventTable.text(field(EventKind.MARK, "timeNs"), Long.MIN_VALUE))
                .isEqualTo("-9223372036.854775808s");
        assertThat(EventTable.text(field(EventKind.DMA_REQUEST, "requester"), 0xFFFF))
                .isEqualTo("ff:1f.7");
        assertThat(EventTable.text(field(EventKind.DMA_REQUEST, "pasid"), 5 | 1 << 20))
                .isEqualTo("0x5|execute");
        assertThat(EventTable.text(field(EventKind.DMA_REQUEST, "access"), 9)).isEqualTo("#9");
        assertThat(EventTable.text(field(EventKind.MARK, "flags"), 0x81)).isEqualTo("guestPresent|#7");
        assertThat(EventTable.text(field(EventKind.VM_EXIT, "durationNs"), -1)).isEqualTo("18446744073709551615");
    }

    @Test
    void rawValuesKeepTheirSign() {
        EventList events = new EventList();
        EventWriter writer = new EventWriter(events);
        writer.driverCall(CallPhase.EXIT, -1, -12, 0, 0, -1, "map", "");
        assertThat(table.rawValue(events.view(0), field(EventKind.DRIVER_CALL, "result")))
                .isEqualTo(-12);
        assertThat(table.rawValue(events.view(0), field(EventKind.DRIVER_CALL, "requester")))
                .isEqualTo(0xFFFF);
        assertThat(table.rawValue(events.view(0), field(EventKind.DRIVER_CALL, "size")))
                .isEqualTo(-1);
        assertThatThrownBy(() -> table.rawValue(events.view(0), field(EventKind.DRIVER_CALL, "call")))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> table.data(events.view(0), field(EventKind.DRIVER_CALL, "size")))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
