package org.iorewind.trace;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;
import org.junit.jupiter.api.Test;

class FrameEventViewTest {
    private final FrameEventView view = new FrameEventView();

    @Test
    void aFrameCutAnywhereIsRefused() {
        EventList events = RandomEvents.session(1, 200);
        for (byte[] frame : events.frames()) {
            for (int length = 0; length < frame.length; length++) {
                assertThat(view.tryWrap(new UnsafeBuffer(frame), 0, length, 0)).isNotNull();
            }
            assertThat(view.tryWrap(new UnsafeBuffer(frame), 0, frame.length, 0))
                    .isNull();
        }
    }

    @Property(tries = 2000)
    void whateverIsAcceptedCanBeReadWithoutLeavingTheFrame(@ForAll long seed) {
        Random random = new Random(seed);
        EventList events = RandomEvents.session(seed, 2);
        byte[] frame = events.frames().get(1).clone();
        for (int i = random.nextInt(6); i >= 0; i--) {
            frame[random.nextInt(Math.min(frame.length, 60))] = (byte) random.nextInt();
        }
        EventTable table = EventTable.standard();
        if (view.tryWrap(new UnsafeBuffer(frame), 0, frame.length, 1) == null) {
            assertThat(view.frameLength()).isBetween(FrameDescriptor.MIN_FRAME_LENGTH, frame.length);
            EventKind kind = view.kind();
            if (kind != null) {
                for (EventField field : table.type(kind).fields()) {
                    assertThat(table.text(view, field)).isNotNull();
                }
            }
        }
    }

    @Test
    void aBlockThatDoesNotCoverItsFieldsIsRefused() {
        byte[] frame = RandomEvents.smallSession(1, 3).frames().get(1).clone();
        frame[FrameDescriptor.BLOCK_LENGTH_OFFSET]--;
        assertThat(view.tryWrap(new UnsafeBuffer(frame), 0, frame.length, 0)).contains("block length of 26");
    }

    @Test
    void aFrameOfAnotherSchemaIsRefused() {
        byte[] frame = RandomEvents.smallSession(1, 3).frames().get(1).clone();
        frame[FrameDescriptor.SCHEMA_ID_OFFSET]++;
        assertThat(view.tryWrap(new UnsafeBuffer(frame), 0, frame.length, 0)).isEqualTo("schema id 18");
    }

    @Test
    void aFrameOfLengthZeroIsRefused() {
        assertThat(view.tryWrap(new UnsafeBuffer(new byte[64]), 0, 64, 0)).contains("frame length of 0");
    }

    /** Frames with the same first word are looked at only as far as they can differ. */
    @Test
    void aKnownFrameWhoseVariableFieldLeavesItIsRefused() {
        EventList events = new EventList();
        EventWriter writer = new EventWriter(events);
        writer.mark(1, "a");
        byte[] frame = events.frames().get(0);
        assertThat(view.tryWrap(new UnsafeBuffer(frame), 0, frame.length, 0)).isNull();
        assertThat(view.tryWrap(new UnsafeBuffer(frame.clone()), 0, frame.length, 1))
                .isNull();
        int block = frame[FrameDescriptor.BLOCK_LENGTH_OFFSET];
        int at = FrameDescriptor.HEADER_LENGTH + block;
        int room = frame.length - at - 2;
        byte[] longest = frame.clone();
        longest[at] = (byte) room;
        assertThat(view.tryWrap(new UnsafeBuffer(longest), 0, frame.length, 2)).isNull();
        byte[] tooLong = frame.clone();
        tooLong[at] = (byte) (room + 1);
        assertThat(view.tryWrap(new UnsafeBuffer(tooLong), 0, frame.length, 3))
                .contains("variable field 0 of " + (room + 1));
        assertThat(view.tryWrap(new UnsafeBuffer(frame), 0, frame.length - 1, 4))
                .contains("frame length");
    }

    @Test
    void whereAnEventComesFromIsRead() {
        byte[] frame = RandomEvents.smallSession(1, 3).frames().get(1).clone();
        frame[FrameDescriptor.SOURCE_OFFSET] = (byte) 0xF1;
        frame[FrameDescriptor.IOMMU_OFFSET] = (byte) 0xF2;
        frame[FrameDescriptor.GUEST_OFFSET] = (byte) 0xF3;
        frame[FrameDescriptor.GUEST_OFFSET + 1] = (byte) 0xF4;
        frame[FrameDescriptor.FLAGS_OFFSET] = (byte) (0xF0 | EventFlag.GUEST_PRESENT);
        assertThat(view.tryWrap(new UnsafeBuffer(frame), 0, frame.length, 0)).isNull();
        assertThat(view.source()).isEqualTo(0xF1);
        assertThat(view.iommu()).isEqualTo(0xF2);
        assertThat(view.guest()).isEqualTo(0xF4F3);
        assertThat(view.flags()).isEqualTo(0xF0 | EventFlag.GUEST_PRESENT);
    }
}
