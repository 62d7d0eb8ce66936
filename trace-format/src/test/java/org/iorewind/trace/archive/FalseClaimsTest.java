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

    /** Offsets in the entry of a page. */
    private static final int LEAST_TIME = 16;

    private static final int GREATEST_TIME = 24;
    private static final int PAGE_CHECKSUM = 36;
    private static final int LAST_CHECKSUM = 48;

    private static final int SECOND_KIND = ChunkDescriptor.KIND_LENGTH;
    private static final int THIRD_KIND = 2 * ChunkDescriptor.KIND_LENGTH;

    @TempDir
    Path directory;

    private Path file;
    private ByteBuffer bytes;
    private int page;
    private int entry;
    private int index;
    private int pageEntry;
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
        pageEntry = index + ArchiveDescriptor.INDEX_FIXED_LENGTH + KINDS * ArchiveDescriptor.TOTAL_LENGTH;
        page = (int) bytes.getLong(pageEntry);
        entry = page + ArchiveDescriptor.PAGE_FIXED_LENGTH;
        assertThat(bytes.getInt(index + ArchiveDescriptor.INDEX_PAGES_OFFSET)).isEqualTo(1);
        assertThat(bytes.getInt(page + ArchiveDescriptor.PAGE_CHUNKS_OFFSET)).isEqualTo(1);
        assertThat(bytes.getShort(CHUNK + ChunkDescriptor.KINDS_OFFSET)).isEqualTo((short) KINDS);
    }

    /** Makes every checksum right again, from the inside out. */
    private void seal() throws IOException {
        byte[] chunk = Arrays.copyOfRange(bytes.array(), CHUNK, page);
        int checksum = ArchiveFile.chunkChecksum(new CRC32C(), chunk, chunk.length);
        bytes.putInt(CHUNK + ChunkDescriptor.CHECKSUM_OFFSET, checksum);
        bytes.putInt(entry + ArchiveDescriptor.CHUNK_CHECKSUM_OFFSET, checksum);
        bytes.putInt(pageEntry + LAST_CHECKSUM, checksum);
        bytes.putInt(pageEntry + PAGE_CHECKSUM, crc(page, index));
        bytes.putInt(trailer + ArchiveDescriptor.INDEX_CHECKSUM_OFFSET, crc(index, trailer));
        ByteBuffer end = bytes.slice(trailer, ArchiveDescriptor.TRAILER_LENGTH).order(LITTLE_ENDIAN);
        bytes.putInt(trailer + ArchiveDescriptor.TRAILER_CHECKSUM_OFFSET, ArchiveFile.trailerChecksum(end));
        Files.write(file, bytes.array());
    }

    private int crc(int from, int to) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.array(), from, to - from);
        return (int) crc.getValue();
    }

    private void claimCount(int kind, int count) {
        bytes.putInt(CHUNK + ChunkDescriptor.HEADER_LENGTH + kind + ChunkDescriptor.KIND_COUNT_OFFSET, count);
        bytes.putInt(entry + ArchiveDescriptor.CHUNK_LENGTH + kind + ChunkDescriptor.KIND_COUNT_OFFSET, count);
        int total = ArchiveDescriptor.INDEX_FIXED_LENGTH + kind * 2;
        bytes.putLong(index + total + ArchiveDescriptor.TOTAL_COUNT_OFFSET, count);
        int ofPage = ArchiveDescriptor.PAGE_ENTRY_LENGTH + kind * 2;
        bytes.putLong(pageEntry + ofPage + ArchiveDescriptor.TOTAL_COUNT_OFFSET, count);
    }

    private void claimTime(int inChunk, int inEntry, int inPage, long time) {
        bytes.putLong(CHUNK + inChunk, time);
        bytes.putLong(entry + inEntry, time);
        bytes.putLong(pageEntry + inPage, time);
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
        bytes.putShort(entry + ArchiveDescriptor.CHUNK_LENGTH + SECOND_KIND, read);
        bytes.putShort(index + ArchiveDescriptor.INDEX_FIXED_LENGTH + SECOND_KIND * 2, read);
        bytes.putShort(pageEntry + ArchiveDescriptor.PAGE_ENTRY_LENGTH + SECOND_KIND * 2, read);
        seal();
        checkFindsOneDamageThat("the counts of its 50 frames");
    }

    @Test
    void countsOfKindsThatDoNotAddUpToTheEventsAreRefusedWithoutReadingAChunk() throws IOException {
        claimCount(SECOND_KIND, 1_000_000);
        seal();
        assertThatThrownBy(() -> ArchiveReader.open(file))
                .isInstanceOf(CorruptTraceException.class)
                .hasMessageContaining("1000002 events as the pages have them");
    }

    @Test
    void aLeastTimeThatNoFrameHasIsRefused() throws IOException {
        claimTime(ChunkDescriptor.LEAST_TIME_OFFSET, ArchiveDescriptor.CHUNK_LEAST_TIME_OFFSET, LEAST_TIME, -5);
        seal();
        checkFindsOneDamageThat("its frames' times, 0 to 4800 ns");
    }

    @Test
    void aGreatestTimeThatNoFrameHasIsRefused() throws IOException {
        claimTime(
                ChunkDescriptor.GREATEST_TIME_OFFSET, ArchiveDescriptor.CHUNK_GREATEST_TIME_OFFSET, 24, Long.MAX_VALUE);
        seal();
        checkFindsOneDamageThat("its frames' times, 0 to 4800 ns");
    }
}
