package org.iorewind.trace;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.EnumSet;
import org.iorewind.trace.sbe.CacheAnswer;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.TranslationOutcome;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;
import org.junit.jupiter.api.Test;

class EventWriterTest {
    private final EventTable table = EventTable.standard();
    private final EventList events = new EventList();
    private final EventWriter writer = new EventWriter(events);

    private String text(int event, String name) {
        EventView view = events.view(event);
        EventKind kind = view.kind();
        assertThat(kind).isNotNull();
        EventField field = table.type(kind).field(name);
        assertThat(field).as(name).isNotNull();
        return table.text(view, field);
    }

    @Test
    void aSessionDescriptionIsReadBackAsItWasWritten() {
        SessionInfo info = RandomEvents.info(-1, 2);
        writer.sessionStart(info);
        assertThat(SessionInfo.of(events.view(0))).isEqualTo(info);
        assertThat(info.sessionId()).isEqualTo("ffffffffffffffff0000000000000002");
        assertThat(info.observes(EventKind.TRANSLATION)).isTrue();
        assertThat(info.observes(EventKind.LOG_ENTRY)).isFalse();
        assertThat(info.observes(EventKind.MARK)).isFalse();
    }

    @Test
    void theOriginStaysButFlagsHoldForOneEvent() {
        writer.at(5).source(2).iommu(1).guest(0x1234).flags(EventFlag.INFERRED);
        writer.mark(1, "a");
        writer.mark(2, "b");
        writer.guest(EventWriter.NO_GUEST).mark(3, "c");
        EventView first = events.view(0);
        assertThat(first.timeNs()).isEqualTo(5);
        assertThat(first.source()).isEqualTo(2);
        assertThat(first.iommu()).isEqualTo(1);
        assertThat(first.guest()).isEqualTo(0x1234);
        assertThat(first.flags()).isEqualTo(EventFlag.INFERRED | EventFlag.GUEST_PRESENT);
        assertThat(events.view(1).flags()).isEqualTo(EventFlag.GUEST_PRESENT);
        assertThat(events.view(2).flags()).isZero();
        assertThat(events.view(2).guest()).isEqualTo(-1);
    }

    @Test
    void everyFieldGoesWhereTheSchemaPutsIt() {
        writer.translation(
                TranslationOutcome.FAULT,
                CacheAnswer.HIT,
                PageRight.KNOWN | PageRight.WRITE,
                0x30,
                0xABCD,
                EventWriter.NO_PASID,
                0xFFFF_FFFF_FFFF_F000L,
                0x2000);
        assertThat(text(0, "outcome")).isEqualTo("FAULT");
        assertThat(text(0, "cache")).isEqualTo("HIT");
        assertThat(text(0, "rights")).isEqualTo("write|known");
        assertThat(text(0, "requester")).isEqualTo("00:06.0");
        assertThat(text(0, "domain")).isEqualTo("43981");
        assertThat(text(0, "pasid")).isEqualTo("none");
        assertThat(text(0, "address")).isEqualTo("0xfffffffffffff000");
        assertThat(text(0, "result")).isEqualTo("0x2000");
    }

    @Test
    void allKindsOfEventsAreInTheRandomSessions() {
        EnumSet<EventKind> seen = EnumSet.noneOf(EventKind.class);
        EventList session = RandomEvents.session(1, 2000);
        for (int i = 0; i < session.frames().size(); i++) {
            EventKind kind = session.view(i).kind();
            if (kind != null) {
                seen.add(kind);
            }
        }
        assertThat(seen).containsExactlyInAnyOrder(EventKind.values());
    }

    @Test
    void longMemoryContentIsSplit() {
        byte[] data = new byte[70_000];
        data[32 * 1024] = 1;
        data[69_999] = 2;
        writer.flags(EventFlag.LATE);
        long last = writer.memoryWrite(MemoryOrigin.SNAPSHOT, MemoryRegion.GUEST_TABLE, 0x1000, data, 0, data.length);
        assertThat(last).isEqualTo(2);
        assertThat(text(1, "address")).isEqualTo("0x9000");
        assertThat(text(1, "data")).startsWith("0100").hasSize(2 * 32 * 1024);
        assertThat(text(2, "address")).isEqualTo("0x11000");
        assertThat(text(2, "data")).endsWith("0002").hasSize(2 * (70_000 - 64 * 1024));
        assertThat(events.view(2).flags()).isEqualTo(EventFlag.LATE);
    }

    @Test
    void emptyMemoryContentIsOneEvent() {
        assertThat(writer.memoryWrite(MemoryOrigin.CPU_STORE, MemoryRegion.UNSPECIFIED, 0, new byte[0], 0, 0))
                .isZero();
        assertThat(text(0, "data")).isEmpty();
    }

    @Test
    void textIsCutBetweenCharacters() {
        writer.consoleLine("x".repeat(EventWriter.MAX_TEXT_BYTES - 1) + "\u20AC");
        writer.consoleLine("x".repeat(EventWriter.MAX_TEXT_BYTES - 3) + "\u20ACyyy");
        assertThat(text(0, "text")).hasSize(EventWriter.MAX_TEXT_BYTES - 1).endsWith("x");
        assertThat(text(1, "text")).hasSize(EventWriter.MAX_TEXT_BYTES - 2).endsWith("\u20AC");
    }

    @Test
    void aLoneSurrogateBecomesTheReplacementCharacter() {
        writer.consoleLine("a\uD83Db\uDE00\uD83D\uDE00\u00E9\uD83D");
        assertThat(text(0, "text")).isEqualTo("a\uFFFDb\uFFFD\uD83D\uDE00\u00E9\uFFFD");
    }

    @Test
    void paddingIsZeroWhateverWasInTheBufferBefore() {
        writer.consoleLine("\uFFFD".repeat(100));
        writer.mmioRead(MmioSpace.HOST, 8, 0x2000);
        byte[] frame = events.frames().get(1);
        assertThat(frame).hasSize(32);
        assertThat(frame).endsWith(0, 0, 0, 0, 0);
    }

    @Test
    void aCheckpointThatIsTooLongIsRefused() {
        byte[] state = new byte[EventWriter.MAX_CHECKPOINT_BYTES + 1];
        assertThatThrownBy(() -> writer.checkpoint(1, 0, "spec", state, 0, state.length))
                .isInstanceOf(IllegalArgumentException.class);
        writer.sessionEnd(EndReason.FAILED, "");
        assertThat(events.frames()).hasSize(1);
    }
}
