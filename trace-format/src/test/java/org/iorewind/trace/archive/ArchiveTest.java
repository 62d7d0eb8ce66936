package org.iorewind.trace.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
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
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.Progress;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.Traces;
import org.iorewind.trace.TruncatedTraceException;
import org.iorewind.trace.UnsupportedTraceException;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchiveTest {
    /** Offsets in the entry of a page. */
    private static final int PAGE_LENGTH = 32;

    private static final int PAGE_CHUNKS = 40;
    private static final int PAGE_CHECKPOINTS = 44;

    @TempDir
    Path directory;

    private static Path write(Path file, EventList events) {
        try (ArchiveWriter writer = ArchiveWriter.create(file)) {
            events.copyTo(writer);
        }
        return file;
    }

    private static List<String> read(Path file) {
        try (TraceReader reader = Traces.open(file)) {
            return EventList.of(reader);
        }
    }

    @Property(tries = 40)
    void anArchiveGivesBackEveryEvent(@ForAll long seed, @ForAll @IntRange(min = 1, max = 600) int count)
            throws IOException {
        Path temporary = Files.createTempDirectory("archive");
        Path file = temporary.resolve("a.iorw");
        try {
            EventList events = RandomEvents.session(seed, count);
            write(file, events);
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
        Path first = write(directory.resolve("1.iorw"), events);
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
        try (ArchiveReader reader = ArchiveReader.open(write(directory.resolve("a.iorw"), events))) {
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
        try (TraceReader reader = Traces.open(write(directory.resolve("a"), RandomEvents.smallSession(9, 20)))) {
            assertThat(reader.session()).isEqualTo(RandomEvents.info(7, 9));
            assertThat(reader.session().sessionId()).isEqualTo("00000000000000070000000000000009");
            assertThat(reader.check().endedInOrder()).isTrue();
        }
    }

    @Test
    void aFileCutAtAnyLengthIsRefusedByName() throws IOException {
        Path file = write(directory.resolve("a.iorw"), RandomEvents.session(5, 60));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            int cut = length;
            assertThatThrownBy(() -> read(file))
                    .as("cut to %d bytes", cut)
                    .isInstanceOfAny(TruncatedTraceException.class, CorruptTraceException.class);
        }
    }

    @Test
    void aFlippedBitIsNeverShownAsData() throws IOException {
        EventList events = RandomEvents.session(6, 30);
        Path file = write(directory.resolve("a.iorw"), events);
        int length = (int) Files.size(file);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            for (int bit = 0; bit < length * 8; bit++) {
                flip(bytes, bit);
                int flipped = bit;
                assertThatThrownBy(() -> read(file)).as("bit %d", flipped).isInstanceOf(TraceFormatException.class);
                flip(bytes, bit);
            }
        }
        assertThat(read(file)).isEqualTo(events.hex());
    }

    private static void flip(RandomAccessFile file, long bit) throws IOException {
        file.seek(bit / 8);
        int value = file.read();
        file.seek(bit / 8);
        file.write(value ^ 1 << bit % 8);
    }

    @Test
    void anArchiveOfABrokenChunkStaysReadableAroundIt() throws IOException {
        EventList events = RandomEvents.session(7, 40_000);
        Path file = write(directory.resolve("a.iorw"), events);
        ChunkEntry broken;
        try (ArchiveReader reader = ArchiveReader.open(file)) {
            broken = reader.chunks().get(1);
        }
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            flip(bytes, (broken.offset() + 500) * 8);
        }
        try (ArchiveReader reader = ArchiveReader.open(file);
                EventCursor cursor = reader.cursor()) {
            for (long i = 0; i < broken.firstSequence(); i++) {
                assertThat(cursor.next()).isTrue();
            }
            assertThatThrownBy(cursor::next)
                    .isInstanceOf(CorruptTraceException.class)
                    .hasMessageContaining("chunk 1 at offset " + broken.offset())
                    .hasMessageContaining("expected checksum");
            cursor.seek(broken.endSequence());
            assertThat(EventList.rest(cursor))
                    .isEqualTo(events.hex()
                            .subList((int) broken.endSequence(), events.hex().size()));
            IntegrityReport report = reader.check();
            assertThat(report.isIntact()).isFalse();
            assertThat(report.damages()).singleElement().satisfies(damage -> {
                assertThat(damage.firstSequenceMissing()).isEqualTo(broken.firstSequence());
                assertThat(damage.lastSequenceMissing()).isEqualTo(broken.endSequence() - 1);
            });
            assertThat(report.events()).isEqualTo(events.frames().size() - broken.count());
        }
    }

    /** Two sessions of incompressible content: their chunks have the same lengths, so that they can be exchanged. */
    private Path twins(String name, long idLow, int fill) {
        Path file = directory.resolve(name);
        try (ArchiveWriter archive = ArchiveWriter.create(file)) {
            EventWriter writer = new EventWriter(archive);
            writer.sessionStart(RandomEvents.info(1, idLow));
            byte[] data = new byte[32 * 1024];
            Random random = new Random(fill);
            for (int i = 0; i < 120; i++) {
                random.nextBytes(data);
                writer.memoryWrite(MemoryOrigin.CPU_STORE, MemoryRegion.UNSPECIFIED, i, data, 0, data.length);
            }
            writer.sessionEnd(EndReason.CLEAN, "");
        }
        return file;
    }

    @Test
    void chunksThatChangedPlacesAreRefused() throws IOException {
        Path file = directory.resolve("a");
        // The same events in each chunk, so that the chunks have the same lengths.
        try (ArchiveWriter archive = ArchiveWriter.create(file)) {
            EventWriter writer = new EventWriter(archive);
            writer.sessionStart(RandomEvents.info(1, 1));
            for (int chunk = 0; chunk < 3; chunk++) {
                archive.checkpoint(1, 1, new byte[0]);
                writer.mark(1, "one");
                writer.mark(2, "two");
            }
        }
        List<ChunkEntry> chunks;
        try (ArchiveReader reader = ArchiveReader.open(file)) {
            chunks = List.copyOf(reader.chunks());
        }
        ChunkEntry one = chunks.get(1);
        ChunkEntry two = chunks.get(2);
        int length = (int) (one.endOffset() - one.offset());
        assertThat(two.endOffset() - two.offset()).isEqualTo(length);
        byte[] bytes = Files.readAllBytes(file);
        byte[] saved = Arrays.copyOfRange(bytes, (int) one.offset(), (int) one.endOffset());
        System.arraycopy(bytes, (int) two.offset(), bytes, (int) one.offset(), length);
        System.arraycopy(saved, 0, bytes, (int) two.offset(), length);
        Files.write(file, bytes);
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(CorruptTraceException.class)
                .hasMessageContaining("the chunk that the index describes");
    }

    @Test
    void aChunkOfAnotherSessionIsRefused() throws IOException {
        Path file = twins("a", 1, 1);
        Path other = twins("b", 2, 1);
        ChunkEntry chunk;
        ChunkEntry twin;
        try (ArchiveReader reader = ArchiveReader.open(file);
                ArchiveReader ofOther = ArchiveReader.open(other)) {
            chunk = reader.chunks().get(1);
            twin = ofOther.chunks().get(1);
        }
        byte[] bytes = Files.readAllBytes(file);
        byte[] foreign = Files.readAllBytes(other);
        int length = (int) (chunk.endOffset() - chunk.offset());
        assertThat(twin.endOffset() - twin.offset()).isEqualTo(length);
        System.arraycopy(foreign, (int) twin.offset(), bytes, (int) chunk.offset(), length);
        Files.write(file, bytes);
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(CorruptTraceException.class)
                .hasMessageContaining("expected session 00000000000000010000000000000001")
                .hasMessageContaining("found session 00000000000000010000000000000002");
    }

    @Test
    void aChunkOfAnotherSealOfTheSameSessionIsRefused() throws IOException {
        Path file = twins("a", 1, 1);
        Path other = twins("b", 1, 2);
        ChunkEntry chunk;
        try (ArchiveReader reader = ArchiveReader.open(file)) {
            chunk = reader.chunks().get(1);
        }
        byte[] bytes = Files.readAllBytes(file);
        byte[] foreign = Files.readAllBytes(other);
        int length = (int) (chunk.endOffset() - chunk.offset());
        System.arraycopy(foreign, (int) chunk.offset(), bytes, (int) chunk.offset(), length);
        Files.write(file, bytes);
        assertThatThrownBy(() -> read(file)).isInstanceOf(CorruptTraceException.class);
    }

    @Test
    void aNewerMajorVersionIsRefusedByName() throws IOException {
        Path file = write(directory.resolve("a"), RandomEvents.smallSession(1, 5));
        byte[] bytes = Files.readAllBytes(file);
        bytes[ArchiveDescriptor.MAJOR_OFFSET] = 2;
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, ArchiveDescriptor.HEADER_CHECKSUM_OFFSET);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(ArchiveDescriptor.HEADER_CHECKSUM_OFFSET, (int)
                crc.getValue());
        Files.write(file, bytes);
        assertThatThrownBy(() -> read(file))
                .isInstanceOf(UnsupportedTraceException.class)
                .hasMessageContaining("archive format 2");
    }

    @Test
    void anIndexThatPromisesTooMuchIsRefusedBeforeMemoryIsTaken() throws IOException {
        Path file = write(directory.resolve("a"), RandomEvents.smallSession(1, 5));
        byte[] whole = Files.readAllBytes(file);
        ByteBuffer trailer = ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN);
        int trailerOffset = whole.length - ArchiveDescriptor.TRAILER_LENGTH;
        int indexOffset = (int) trailer.getLong(trailerOffset);
        int page = indexOffset + ArchiveDescriptor.INDEX_FIXED_LENGTH + 3 * ArchiveDescriptor.TOTAL_LENGTH;
        int[] hostile = {Integer.MAX_VALUE, Integer.MIN_VALUE, -1, 0, 9 << 20};
        int[] places = {
            indexOffset + ArchiveDescriptor.INDEX_PAGES_OFFSET,
            indexOffset + ArchiveDescriptor.CHUNKS_OFFSET,
            indexOffset + ArchiveDescriptor.TOTAL_KINDS_OFFSET,
            indexOffset + ArchiveDescriptor.CHECKPOINTS_OFFSET,
            page,
            page + PAGE_LENGTH,
            page + PAGE_CHUNKS,
            page + PAGE_CHECKPOINTS,
            page + ArchiveDescriptor.PAGE_ENTRY_KINDS_OFFSET
        };
        for (int place : places) {
            for (int value : hostile) {
                byte[] bytes = whole.clone();
                ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
                if (buffer.getInt(place) == value) {
                    continue;
                }
                buffer.putInt(place, value);
                CRC32C crc = new CRC32C();
                crc.update(bytes, indexOffset, trailerOffset - indexOffset);
                buffer.putInt(trailerOffset + ArchiveDescriptor.INDEX_CHECKSUM_OFFSET, (int) crc.getValue());
                ByteBuffer copy = ByteBuffer.wrap(Arrays.copyOfRange(bytes, trailerOffset, bytes.length));
                int checksum = ArchiveFile.trailerChecksum(copy.order(ByteOrder.LITTLE_ENDIAN));
                buffer.putInt(trailerOffset + ArchiveDescriptor.TRAILER_CHECKSUM_OFFSET, checksum);
                Files.write(file, bytes);
                assertThatThrownBy(() -> read(file))
                        .as("place %d value %d", place, value)
                        .isInstanceOf(CorruptTraceException.class);
            }
        }
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
                flip(bytes, (first.offset() + 1000) * 8);
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
        try (ArchiveReader reader = ArchiveReader.open(write(directory.resolve("a.iorw"), events))) {
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
    void aBrokenPageHidesItsOwnEventsOnly() throws IOException {
        EventList events = RandomEvents.smallSession(1, 2600);
        Path file = directory.resolve("a.iorw");
        try (ArchiveWriter writer = ArchiveWriter.create(file)) {
            for (int i = 0; i < events.frames().size(); i++) {
                byte[] frame = events.frames().get(i);
                writer.append(new UnsafeBuffer(frame), 0, frame.length);
                writer.checkpoint(1, 0, new byte[0]);
            }
        }
        long behind;
        try (ArchiveReader reader = ArchiveReader.open(file)) {
            behind = reader.chunks().get(2048).offset();
        }
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            flip(bytes, (behind - 100) * 8);
        }
        try (ArchiveReader reader = ArchiveReader.open(file);
                EventCursor cursor = reader.cursor()) {
            assertThat(reader.check().damages()).singleElement().satisfies(damage -> {
                assertThat(damage.firstSequenceMissing()).isEqualTo(1024);
                assertThat(damage.lastSequenceMissing()).isEqualTo(2047);
            });
            cursor.seek(2048);
            assertThat(EventList.rest(cursor)).isEqualTo(events.hex().subList(2048, 2600));
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
        Path file = write(directory.resolve("a"), RandomEvents.session(7, 200));
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            flip(bytes, 300 * 8);
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
