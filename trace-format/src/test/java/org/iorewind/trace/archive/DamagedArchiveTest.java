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
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventList;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.RandomEvents;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TruncatedTraceException;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.MemoryOrigin;
import org.iorewind.trace.sbe.MemoryRegion;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives that were cut, changed, or put together of others. */
class DamagedArchiveTest {
    /** Offsets in the entry of a page. */
    private static final int PAGE_LENGTH = 32;

    private static final int PAGE_CHUNKS = 40;
    private static final int PAGE_CHECKPOINTS = 44;

    @TempDir
    Path directory;

    @Test
    void aFileCutAtAnyLengthIsRefusedByName() throws IOException {
        Path file = Archives.write(directory.resolve("a.iorw"), RandomEvents.session(5, 60));
        byte[] whole = Files.readAllBytes(file);
        for (int length = 0; length < whole.length; length++) {
            Files.write(file, Arrays.copyOf(whole, length));
            int cut = length;
            assertThatThrownBy(() -> Archives.read(file))
                    .as("cut to %d bytes", cut)
                    .isInstanceOfAny(TruncatedTraceException.class, CorruptTraceException.class);
        }
    }

    @Test
    void aFlippedBitIsNeverShownAsData() throws IOException {
        EventList events = RandomEvents.session(6, 30);
        Path file = Archives.write(directory.resolve("a.iorw"), events);
        int length = (int) Files.size(file);
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            for (int bit = 0; bit < length * 8; bit++) {
                Archives.flip(bytes, bit);
                int flipped = bit;
                assertThatThrownBy(() -> Archives.read(file))
                        .as("bit %d", flipped)
                        .isInstanceOf(TraceFormatException.class);
                Archives.flip(bytes, bit);
            }
        }
        assertThat(Archives.read(file)).isEqualTo(events.hex());
    }

    @Test
    void anArchiveOfABrokenChunkStaysReadableAroundIt() throws IOException {
        EventList events = RandomEvents.session(7, 40_000);
        Path file = Archives.write(directory.resolve("a.iorw"), events);
        ChunkEntry broken;
        try (ArchiveReader reader = ArchiveReader.open(file)) {
            broken = reader.chunks().get(1);
        }
        try (RandomAccessFile bytes = new RandomAccessFile(file.toFile(), "rw")) {
            Archives.flip(bytes, (broken.offset() + 500) * 8);
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
        assertThatThrownBy(() -> Archives.read(file))
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
        assertThatThrownBy(() -> Archives.read(file))
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
        assertThatThrownBy(() -> Archives.read(file)).isInstanceOf(CorruptTraceException.class);
    }

    @Test
    void anIndexThatPromisesTooMuchIsRefusedBeforeMemoryIsTaken() throws IOException {
        Path file = Archives.write(directory.resolve("a"), RandomEvents.smallSession(1, 5));
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
                assertThatThrownBy(() -> Archives.read(file))
                        .as("place %d value %d", place, value)
                        .isInstanceOf(CorruptTraceException.class);
            }
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
            Archives.flip(bytes, (behind - 100) * 8);
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
}
