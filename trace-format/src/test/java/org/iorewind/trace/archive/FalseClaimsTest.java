package org.iorewind.trace.archive;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventList;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.RandomEvents;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Archives whose index and chunk agree with each other and whose checksums are right, but whose claims are false. */
class FalseClaimsTest {
    private static final int CHUNK = ArchiveDescriptor.HEADER_LENGTH;
    /** A small session has SessionStart, MmioWrite and SessionEnd. */
    private static final int KINDS = 3;

    private static final int SECOND_KIND = ChunkDescriptor.KIND_LENGTH;
    private static final int THIRD_KIND = 2 * ChunkDescriptor.KIND_LENGTH;

    @TempDir
    Path directory;

    private Path file;
    private ByteBuffer bytes;
    private int index;
    private int entry;
    private int trailer;

    @BeforeEach
    void anArchiveOfOneChunk() throws IOException {
        file = directory.resolve("a.iorw");
        try (ArchiveWriter writer = ArchiveWriter.create(file)) {
            RandomEvents.smallSession(1, 50).copyTo(writer);
        }
        bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(LITTLE_ENDIAN);
        trailer = bytes.capacity() - ArchiveDescriptor.TRAILER_LENGTH;
        index = (int) bytes.getLong(trailer);
        entry = index + ArchiveDescriptor.INDEX_FIXED_LENGTH + KINDS * ArchiveDescriptor.TOTAL_LENGTH;
        assertThat(bytes.getInt(index + ArchiveDescriptor.CHUNKS_OFFSET)).isEqualTo(1);
        assertThat(bytes.getShort(CHUNK + ChunkDescriptor.KINDS_OFFSET)).isEqualTo((short) KINDS);
    }

    /** Makes every checksum right again, from the inside out. */
    private void seal() throws IOException {
        int headLength = ChunkDescriptor.HEADER_LENGTH + KINDS * ChunkDescriptor.KIND_LENGTH;
        byte[] head = Arrays.copyOfRange(bytes.array(), CHUNK, CHUNK + headLength);
        byte[] stored = Arrays.copyOfRange(bytes.array(), CHUNK + headLength, index);
        int checksum = ChunkSource.checksum(new CRC32C(), head, headLength, stored, stored.length);
        bytes.putInt(CHUNK + ChunkDescriptor.CHECKSUM_OFFSET, checksum);
        bytes.putInt(entry + ArchiveDescriptor.ENTRY_CHECKSUM_OFFSET, checksum);
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), index, trailer - index);
        bytes.putInt(trailer + ArchiveDescriptor.INDEX_CHECKSUM_OFFSET, (int) crc.getValue());
        ByteBuffer end = bytes.slice(trailer, ArchiveDescriptor.TRAILER_LENGTH).order(LITTLE_ENDIAN);
        bytes.putInt(trailer + ArchiveDescriptor.TRAILER_CHECKSUM_OFFSET, ArchiveReader.trailerChecksum(end));
        Files.write(file, bytes.array());
    }

    private void claimCount(int kind, int count) {
        bytes.putInt(CHUNK + ChunkDescriptor.HEADER_LENGTH + kind + ChunkDescriptor.KIND_COUNT_OFFSET, count);
        bytes.putInt(entry + ArchiveDescriptor.ENTRY_LENGTH + kind + ChunkDescriptor.KIND_COUNT_OFFSET, count);
        int total = index + ArchiveDescriptor.INDEX_FIXED_LENGTH + kind * 2;
        bytes.putLong(total + ArchiveDescriptor.TOTAL_COUNT_OFFSET, count);
    }

    private void checkFindsOneDamageThat(String part) {
        try (ArchiveReader reader = ArchiveReader.open(file)) {
            IntegrityReport report = reader.check();
            assertThat(report.events()).isZero();
            assertThat(report.damages()).singleElement().satisfies(damage -> {
                assertThat(damage.expected()).contains(part);
                assertThat(damage.firstSequenceMissing()).isZero();
                assertThat(damage.lastSequenceMissing()).isEqualTo(49);
            });
            assertThatThrownBy(() -> EventList.of(reader))
                    .isInstanceOf(CorruptTraceException.class)
                    .hasMessageContaining("iorewind check");
        }
    }

    @Test
    void theUntouchedArchiveSealedAgainIsIntact() throws IOException {
        seal();
        try (ArchiveReader reader = ArchiveReader.open(file)) {
            assertThat(reader.check().isIntact()).isTrue();
            assertThat(reader.totals().countOf(EventKind.MMIO_WRITE)).isEqualTo(48);
        }
    }

    @Test
    void countsOfKindsThatAreNotThoseOfTheFramesAreRefused() throws IOException {
        claimCount(SECOND_KIND, 47);
        claimCount(THIRD_KIND, 2);
        seal();
        checkFindsOneDamageThat("the counts of its 50 frames");
    }

    @Test
    void aKindThatDoesNotOccurIsRefused() throws IOException {
        short read = (short) EventKind.MMIO_READ.templateId();
        bytes.putShort(CHUNK + ChunkDescriptor.HEADER_LENGTH + SECOND_KIND, read);
        bytes.putShort(entry + ArchiveDescriptor.ENTRY_LENGTH + SECOND_KIND, read);
        bytes.putShort(index + ArchiveDescriptor.INDEX_FIXED_LENGTH + SECOND_KIND * 2, read);
        seal();
        checkFindsOneDamageThat("the counts of its 50 frames");
    }

    @Test
    void countsOfKindsThatDoNotAddUpToTheEventsAreRefusedWithoutReadingAChunk() throws IOException {
        claimCount(SECOND_KIND, 1_000_000);
        seal();
        assertThatThrownBy(() -> ArchiveReader.open(file))
                .isInstanceOf(CorruptTraceException.class)
                .hasMessageContaining("counts of 50 events in all");
    }

    @Test
    void aFirstTimeThatIsNotThatOfTheFirstFrameIsRefused() throws IOException {
        bytes.putLong(CHUNK + ChunkDescriptor.FIRST_TIME_OFFSET, -5);
        bytes.putLong(entry + ArchiveDescriptor.ENTRY_FIRST_TIME_OFFSET, -5);
        seal();
        checkFindsOneDamageThat("its frames' times, 0 to 4800 ns");
    }

    @Test
    void aLastTimeThatIsNotThatOfTheLastFrameIsRefused() throws IOException {
        bytes.putLong(CHUNK + ChunkDescriptor.LAST_TIME_OFFSET, Long.MAX_VALUE);
        bytes.putLong(entry + ArchiveDescriptor.ENTRY_LAST_TIME_OFFSET, Long.MAX_VALUE);
        seal();
        checkFindsOneDamageThat("its frames' times, 0 to 4800 ns");
    }
}
