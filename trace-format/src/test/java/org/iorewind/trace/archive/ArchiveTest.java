package org.iorewind.trace.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventList;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.Progress;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.Traces;
import org.iorewind.trace.UnsupportedTraceException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
    @TempDir
    Path directory;

    @Property(tries = 40)
    void anArchiveGivesBackEveryEvent(@ForAll long seed, @ForAll @IntRange(min = 1, max = 600) int count)
            throws IOException {
        Path temporary = Files.createTempDirectory("archive");
        Path file = temporary.resolve("a.iorw");
        try {
            EventList events = RandomEvents.session(seed, count);
            Archives.write(file, events);
            try (ArchiveReader reader = ArchiveReader.open(file)) {
                assertThat(EventList.of(reader)).isEqualTo(events.hex());
                assertThat(reader.eventCount()).isEqualTo(events.frames().size());
                assertThat(reader.check().isIntact()).isTrue();
                try (EventCursor cursor = reader.cursor()) {
                    int middle = events.hex().size() / 2;
                    cursor.seek(middle);
                    assertThat(EventList.rest(cursor))
                            .isEqualTo(events.hex().subList(middle, events.hex().size()));
                }
            }
        } finally {
            Files.deleteIfExists(file);
            Files.delete(temporary);
        }
    }

    @Test
    void twoWritersForOneArchiveDoNotWriteIntoEachOther() throws IOException {
        Path file = directory.resolve("shared.iorw");
        Path other = directory.resolve("other.iorw");
        EventList events = RandomEvents.smallSession(1, 50);
        try (ArchiveWriter first = ArchiveWriter.create(file);
                ArchiveWriter second = ArchiveWriter.create(file)) {
            events.copyTo(first);
            RandomEvents.smallSession(2, 70).copyTo(second);
            second.abort();
        }
        try (ArchiveWriter alone = ArchiveWriter.create(other)) {
            events.copyTo(alone);
        }
        assertThat(file).hasSameBinaryContentAs(other);
    }

    @Test
    void sealingTwiceGivesTheSameBytes() throws IOException {
        EventList events = RandomEvents.session(3, 5000);
        Path first = Archives.write(directory.resolve("1.iorw"), events);
        Path second = directory.resolve("2.iorw");
        try (TraceReader reader = Traces.open(first)) {
            assertThat(Sealer.seal(reader, second, Progress.NONE))
                    .isEqualTo(events.frames().size());
        }
        assertThat(second).hasSameBinaryContentAs(first);
        assertThat(Files.list(directory)).hasSize(2);
    }

    @Test
    void theIndexKnowsTheKindsOfEachChunk() {
        EventList events = RandomEvents.session(4, 20_000);
        try (ArchiveReader reader = ArchiveReader.open(Archives.write(directory.resolve("a.iorw"), events))) {
            assertThat(reader.chunks()).hasSizeGreaterThan(1);
            long marks = 0;
            for (int i = 0; i < events.frames().size(); i++) {
                marks += events.view(i).kind() == EventKind.MARK ? 1 : 0;
            }
            assertThat(reader.totals().countOf(EventKind.MARK)).isEqualTo(marks).isPositive();
            assertThat(reader.totals().countOf(EventKind.SESSION_START)).isEqualTo(1);
            assertThat(reader.totals().countOf(130)).isPositive();
            assertThat(reader.chunks().stream()
                            .mapToLong(c -> c.kinds().countOf(EventKind.MARK))
                            .sum())
                    .isEqualTo(marks);
        }
    }

    @Test
    void theSessionIsThatOfTheFirstEvent() {
        try (TraceReader reader =
                Traces.open(Archives.write(directory.resolve("a"), RandomEvents.smallSession(9, 20)))) {
            assertThat(reader.session()).isEqualTo(RandomEvents.info(7, 9));
            assertThat(reader.session().sessionId()).isEqualTo("00000000000000070000000000000009");
            assertThat(reader.check().endedInOrder()).isTrue();
        }
    }

    @Test
    void aNewerMajorVersionIsRefusedByName() throws IOException {
        Path file = Archives.write(directory.resolve("a"), RandomEvents.smallSession(1, 5));
        byte[] bytes = Files.readAllBytes(file);
        bytes[ArchiveDescriptor.MAJOR_OFFSET] = 2;
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, ArchiveDescriptor.HEADER_CHECKSUM_OFFSET);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(ArchiveDescriptor.HEADER_CHECKSUM_OFFSET, (int)
                crc.getValue());
        Files.write(file, bytes);
        assertThatThrownBy(() -> Archives.read(file))
                .isInstanceOf(UnsupportedTraceException.class)
                .hasMessageContaining("archive format 2");
    }

    @Test
    void checkpointsTravelInsideAndStartChunks() throws IOException {
        EventList events = RandomEvents.session(8, 900);
        byte[] state = new byte[5000];
        new Random(8).nextBytes(state);
        Path file = directory.resolve("a.iorw");
        try (ArchiveWriter writer = ArchiveWriter.create(file)) {
            assertThatThrownBy(() -> writer.checkpoint(1, 2, state)).isInstanceOf(IllegalStateException.class);
            for (int i = 0; i < events.frames().size(); i++) {
                if (i == 300 || i == 600) {
                    writer.checkpoint(7, i, i == 300 ? state : new byte[100_000]);
                }
                byte[] frame = events.frames().get(i);
                writer.append(new UnsafeBuffer(frame), 0, frame.length);
            }
        }
        try (ArchiveReader reader = ArchiveReader.open(file)) {
            assertThat(EventList.of(reader)).isEqualTo(events.hex());
            assertThat(reader.check().isIntact()).isTrue();
            assertThat(reader.chunks()).extracting(ChunkEntry::firstSequence).containsExactly(0L, 300L, 600L);
            assertThat(reader.checkpoints()).hasSize(2);
            CheckpointEntry first = reader.checkpoints().get(0);
            assertThat(first.sequence()).isEqualTo(300);
            assertThat(first.modelVersion()).isEqualTo(7);
            assertThat(first.optionsHash()).isEqualTo(300);
            assertThat(reader.read(first)).isEqualTo(state);
            assertThat(reader.read(reader.checkpoints().get(1))).isEqualTo(new byte[100_000]);
            try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
                Archives.flip(bytes, (first.offset() + 1000) * 8);
            }
            assertThatThrownBy(() -> reader.read(first))
                    .isInstanceOf(CorruptTraceException.class)
                    .hasMessageContaining("checkpoint at offset");
            assertThat(reader.check().damages()).singleElement().satisfies(damage -> {
                assertThat(damage.place()).contains("before event 300");
                assertThat(damage.firstSequenceMissing()).isEqualTo(-1);
            });
            assertThat(EventList.of(reader)).isEqualTo(events.hex());
        }
    }

    @Test
    void partsOfAnArchiveTogetherAreTheWhole() {
        EventList events = RandomEvents.session(9, 60_000);
        try (ArchiveReader reader = ArchiveReader.open(Archives.write(directory.resolve("a.iorw"), events))) {
            assertThat(reader.chunks()).hasSizeGreaterThan(4);
            for (int parts : new int[] {1, 2, 3, 1000}) {
                List<EventCursor> cursors = reader.cursors(parts);
                assertThat(cursors).hasSize(Math.min(parts, reader.chunks().size()));
                List<String> all = cursors.parallelStream()
                        .map(cursor -> {
                            try (cursor) {
                                return EventList.rest(cursor);
                            }
                        })
                        .flatMap(List::stream)
                        .toList();
                assertThat(all).isEqualTo(events.hex());
            }
        }
    }

    @Test
    void anArchiveOfManyPagesIsFoundThroughItsIndex() {
        EventList events = RandomEvents.smallSession(1, 2600);
        Path file = directory.resolve("a.iorw");
        try (ArchiveWriter writer = ArchiveWriter.create(file)) {
            for (int i = 0; i < events.frames().size(); i++) {
                byte[] frame = events.frames().get(i);
                writer.append(new UnsafeBuffer(frame), 0, frame.length);
                writer.checkpoint(1, 0, new byte[0]);
            }
        }
        try (ArchiveReader reader = ArchiveReader.open(file);
                EventCursor cursor = reader.cursor()) {
            assertThat(reader.chunks()).hasSize(2600);
            assertThat(reader.checkpoints()).hasSize(2600);
            assertThat(reader.checkpoints().get(2100).sequence()).isEqualTo(2101);
            assertThat(EventList.of(reader)).isEqualTo(events.hex());
            for (int sequence : new int[] {2599, 0, 1023, 1024, 2047, 2048}) {
                cursor.seek(sequence);
                assertThat(cursor.next()).isTrue();
                assertThat(cursor.event().sequence()).isEqualTo(sequence);
            }
            assertThat(reader.check().isIntact()).isTrue();
        }
    }

    @Test
    void anEmptyWriterLeavesNoFile() throws IOException {
        ArchiveWriter.create(directory.resolve("a")).close();
        assertThat(Files.list(directory)).isEmpty();
    }

    @Test
    void anAbortedWriterLeavesNoFile() throws IOException {
        ArchiveWriter writer = ArchiveWriter.create(directory.resolve("a"));
        RandomEvents.smallSession(1, 100).copyTo(writer);
        writer.abort();
        writer.close();
        assertThat(Files.list(directory)).isEmpty();
    }

    @Test
    void anExistingFileIsNotOverwritten() throws IOException {
        Path file = Files.writeString(directory.resolve("a"), "precious");
        assertThatThrownBy(() -> ArchiveWriter.create(file)).isInstanceOf(TraceStoreException.class);
        assertThat(file).hasContent("precious");
    }

    @Test
    void sealingADamagedTraceLeavesNoFile() throws IOException {
        Path file = Archives.write(directory.resolve("a"), RandomEvents.session(7, 200));
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            Archives.flip(bytes, 300 * 8);
        }
        try (TraceReader reader = Traces.open(file)) {
            assertThatThrownBy(() -> Sealer.seal(reader, directory.resolve("b"), Progress.NONE))
                    .isInstanceOf(CorruptTraceException.class);
        }
        assertThat(Files.list(directory)).containsExactly(file);
    }

    @Test
    void theFirstEventMustBeTheSessionStart() {
        try (ArchiveWriter archive = ArchiveWriter.create(directory.resolve("a"))) {
            EventWriter writer = new EventWriter(archive);
            assertThatThrownBy(() -> writer.mark(1, "too early")).isInstanceOf(IllegalArgumentException.class);
        }
    }
}
