package org.iorewind.record.embed;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.IommuInfo;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.Traces;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.MemoryRegion;
import org.iorewind.trace.schema.EventTable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddingTest {
    private static final RecordingOptions OPTIONS = RecordingOptions.of("a test", "Nothing is missing.");

    @TempDir
    private Path folder;

    private static EventView next(EventCursor cursor) {
        assertThat(cursor.next()).isTrue();
        return cursor.event();
    }

    private static List<EventKind> kinds(Path trace) {
        List<EventKind> kinds = new ArrayList<>();
        try (TraceReader reader = Traces.open(trace);
                EventCursor cursor = reader.cursor()) {
            while (cursor.next()) {
                EventView event = cursor.event();
                kinds.add(event.kind());
            }
        }
        return kinds;
    }

    @Test
    void theExampleOfTheDocumentationIsTheOneThatIsTested() throws IOException {
        String source =
                Files.readString(Path.of("src/test/java/org/iorewind/record/embed/EmbeddingExample.java"), UTF_8);
        int from = source.indexOf("// docs: begin") + "// docs: begin\n".length();
        String example = source.substring(from, source.indexOf("    // docs: end"));
        assertThat(Files.readString(Path.of("../docs/embedding.md"), UTF_8).replace("\r", ""))
                .contains(example.stripTrailing());
    }

    @Test
    void theExampleLeavesAnArchiveWithItsEventsInOrder() {
        Path trace = folder.resolve("trace.iorw");
        EmbeddingExample.run(trace);
        assertThat(kinds(trace))
                .containsExactly(
                        EventKind.SESSION_START,
                        EventKind.MARK,
                        EventKind.MEMORY_WRITE,
                        EventKind.MEMORY_WRITE,
                        EventKind.MEMORY_WRITE,
                        EventKind.MEMORY_WRITE,
                        EventKind.MEMORY_WRITE,
                        EventKind.MMIO_WRITE,
                        EventKind.MMIO_WRITE,
                        EventKind.DMA_REQUEST,
                        EventKind.TRANSLATION,
                        EventKind.DMA_REQUEST,
                        EventKind.TRANSLATION,
                        EventKind.SESSION_END);
    }

    @Test
    void theFirstEventSaysWhatTheOptionsSay() {
        Path trace = folder.resolve("journal");
        Recording.open(
                        trace,
                        OPTIONS.withPlatform("two devices")
                                .withFidelity(Fidelity.OBSERVED)
                                .withFeatures(0x22, 0x44)
                                .withObservations(EventKind.TRANSLATION, EventKind.COMPLETION_STORE))
                .close(EndReason.FAILED, "the VMM broke");
        try (TraceReader reader = Traces.open(trace);
                EventCursor cursor = reader.cursor()) {
            SessionInfo session = SessionInfo.of(next(cursor));
            assertThat(session.tool()).isEqualTo("a test");
            assertThat(session.contract()).isEqualTo("Nothing is missing.");
            assertThat(session.platform()).isEqualTo("two devices");
            assertThat(session.fidelity()).isEqualTo(Fidelity.OBSERVED);
            assertThat(session.extendedFeatures()).isEqualTo(0x22);
            assertThat(session.extendedFeatures2()).isEqualTo(0x44);
            assertThat(session.observes(EventKind.TRANSLATION)).isTrue();
            assertThat(session.observes(EventKind.COMPLETION_STORE)).isTrue();
            assertThat(session.observes(EventKind.LOG_ENTRY)).isFalse();
            EventView end = next(cursor);
            assertThat(end.kind()).isEqualTo(EventKind.SESSION_END);
        }
    }

    @Test
    void manyThreadsRecordIntoOneTraceAndEachKeepsItsOrder() throws InterruptedException {
        Path trace = folder.resolve("journal");
        int threads = 4;
        int each = 5_000;
        try (Recording recording = Recording.open(trace, OPTIONS)) {
            recording.addIommu(1, new IommuInfo(0, 0, 0, 0, 0, "spec"));
            List<Thread> running = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                long base = (long) t << 32;
                Thread thread = new Thread(() -> {
                    EventPort port = recording.port().iommu(1);
                    for (int i = 0; i < each; i++) {
                        port.store(MemoryRegion.TABLE_LEVEL_1, base + 8L * i, i);
                    }
                });
                thread.start();
                running.add(thread);
            }
            for (Thread thread : running) {
                thread.join();
            }
            recording.flush();
            assertThat(recording.lostEvents()).isZero();
        }
        long[] next = new long[threads];
        EventTable table = EventTable.standard();
        var address = java.util.Objects.requireNonNull(
                table.type(EventKind.MEMORY_WRITE).field("address"));
        try (TraceReader reader = Traces.open(trace);
                EventCursor cursor = reader.cursor()) {
            while (cursor.next()) {
                EventView event = cursor.event();
                if (event.kind() == EventKind.MEMORY_WRITE) {
                    long at = table.rawValue(event, address);
                    assertThat(event.iommu()).isEqualTo(1);
                    assertThat((at & 0xFFFF_FFFFL) / 8).isEqualTo(next[(int) (at >>> 32)]++);
                }
            }
        }
        assertThat(next).containsOnly(each);
    }

    @Test
    void aBufferIsTakenFromItsPositionToItsLimitAndStaysAsItIs() {
        Path trace = folder.resolve("trace.iorw");
        ByteBuffer data =
                ByteBuffer.wrap(new byte[] {1, 2, 3, 4, 5}).position(1).limit(4);
        try (Recording recording = Recording.open(trace, OPTIONS)) {
            recording.port().snapshot(MemoryRegion.UNSPECIFIED, 0x1000, data);
        }
        assertThat(data.position()).isEqualTo(1);
        EventTable table = EventTable.standard();
        var field = java.util.Objects.requireNonNull(
                table.type(EventKind.MEMORY_WRITE).field("data"));
        try (TraceReader reader = Traces.open(trace);
                EventCursor cursor = reader.cursor()) {
            next(cursor);
            EventView event = next(cursor);
            assertThat(table.data(event, field)).containsExactly(2, 3, 4);
        }
    }

    @Test
    void whatIsToldAfterTheEndIsRefused() {
        Recording recording = Recording.open(folder.resolve("journal"), OPTIONS);
        EventPort port = recording.port();
        recording.close();
        recording.close();
        assertThatThrownBy(() -> port.mark(1, "too late")).isInstanceOf(TraceStoreException.class);
    }
}
