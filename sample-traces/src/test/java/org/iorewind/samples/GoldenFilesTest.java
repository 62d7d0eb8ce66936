package org.iorewind.samples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import java.util.zip.CRC32C;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.UnsupportedTraceException;
import org.iorewind.trace.archive.ArchiveReader;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.archive.CheckpointEntry;
import org.iorewind.trace.json.JsonLinesExporter;
import org.iorewind.trace.json.JsonLinesImporter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Traces of every released format version stay readable, event by event. */
class GoldenFilesTest {
    private static final Path GOLDEN = Path.of("golden");
    private static final int MINOR_OFFSET = 9;
    private static final int HEADER_CHECKSUM_OFFSET = 60;

    @TempDir
    Path folder;

    static Stream<Path> versions() throws IOException {
        return Files.list(GOLDEN)
                .filter(each -> each.getFileName().toString().matches("v\\d+"))
                .sorted();
    }

    private static String lines(Path trace) {
        try (TraceReader reader = Traces.open(trace)) {
            assertThat(reader.check().isIntact()).isTrue();
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            JsonLinesExporter.export(reader, out);
            return out.toString(UTF_8);
        }
    }

    private static String golden(Path version) throws IOException {
        try (InputStream lines = openLines(version)) {
            return new String(lines.readAllBytes(), UTF_8);
        }
    }

    private static InputStream openLines(Path version) throws IOException {
        return new GZIPInputStream(Files.newInputStream(version.resolve(GoldenFiles.LINES)));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theArchiveGivesTheSameEvents(Path version) throws IOException {
        assertThat(lines(version.resolve(GoldenFiles.ARCHIVE))).isEqualTo(golden(version));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theJournalGivesTheSameEvents(Path version) throws IOException {
        Path journal = Files.createDirectory(folder.resolve("journal"));
        try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(version.resolve(GoldenFiles.JOURNAL)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                Path file = journal.resolve(entry.getName()).normalize();
                assertThat(file.startsWith(journal)).isTrue();
                Files.createDirectories(file.getParent());
                Files.copy(zip, file);
            }
        }
        assertThat(lines(journal)).isEqualTo(golden(version));
    }

    /** A field that came later would be missing: then the lines carry the frame, or a note in the README says so. */
    @ParameterizedTest
    @MethodSource("versions")
    void theLinesCanBeImported(Path version) throws IOException {
        Path archive = folder.resolve("again.iorw");
        try (InputStream in = openLines(version);
                ArchiveWriter writer = ArchiveWriter.create(archive)) {
            JsonLinesImporter.importTo(in, GoldenFiles.LINES, writer);
        }
        assertThat(lines(archive)).isEqualTo(golden(version));
    }

    @ParameterizedTest
    @MethodSource("versions")
    void theCheckpointIsStillThere(Path version) {
        try (ArchiveReader reader = ArchiveReader.open(version.resolve(GoldenFiles.ARCHIVE))) {
            CheckpointEntry checkpoint = reader.checkpoints().get(0);
            assertThat(checkpoint.optionsHash()).isEqualTo(0x1234);
            assertThat(new String(reader.read(checkpoint), UTF_8)).startsWith("a state of the model");
        }
    }

    private Path withVersion(int offset, int value) throws IOException {
        byte[] bytes = Files.readAllBytes(GOLDEN.resolve("v1").resolve(GoldenFiles.ARCHIVE));
        bytes[offset] = (byte) value;
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, HEADER_CHECKSUM_OFFSET);
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).putInt(HEADER_CHECKSUM_OFFSET, (int) crc.getValue());
        return Files.write(folder.resolve("patched.iorw"), bytes);
    }

    @Test
    void aNewerMinorVersionIsRead() throws IOException {
        assertThat(lines(withVersion(MINOR_OFFSET, 7))).isEqualTo(golden(GOLDEN.resolve("v1")));
    }

    @Test
    void aNewerMajorVersionIsRefusedByName() throws IOException {
        Path newer = withVersion(MINOR_OFFSET - 1, 2);
        assertThatThrownBy(() -> Traces.open(newer))
                .isInstanceOf(UnsupportedTraceException.class)
                .hasMessageContaining("archive format 2");
    }
}
