package org.iorewind.samples;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.agrona.DirectBuffer;
import org.iorewind.record.qemulog.ImportOptions;
import org.iorewind.record.qemulog.QemuLogImport;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.journal.JournalWriter;
import org.iorewind.trace.json.JsonLinesExporter;

/**
 * Makes the golden files of a format version: run it once when the version is released, never again.
 *
 * <p>{@code GoldenFiles FOLDER}: the folder must be empty or not there.
 */
public final class GoldenFiles {
    static final String ARCHIVE = "trace.iorw";
    static final String JOURNAL = "journal.zip";
    static final String LINES = "trace.jsonl.gz";

    private static final String CAPTURE = "q11-qtest";
    private static final int CHECKPOINT_AT = 1000;

    private GoldenFiles() {}

    /** Writes the files. */
    public static void main(String[] arguments) throws IOException {
        Path folder = Files.createDirectories(Path.of(arguments[0]));
        for (String name : List.of(ARCHIVE, JOURNAL, LINES)) {
            if (Files.exists(folder.resolve(name))) {
                throw new IllegalStateException("golden files are never made again: " + folder.resolve(name));
            }
        }
        Path scratch = Files.createTempDirectory("golden");
        Path log = Captures.named(CAPTURE).orElseThrow().extractTo(scratch);
        Path journal = scratch.resolve("journal");
        importTo(log, JournalWriter.create(journal));
        importTo(log, new WithCheckpoint(ArchiveWriter.create(folder.resolve(ARCHIVE))));
        try (TraceReader trace = Traces.open(folder.resolve(ARCHIVE));
                OutputStream lines = new GZIPOutputStream(Files.newOutputStream(folder.resolve(LINES)))) {
            JsonLinesExporter.export(trace, lines);
        }
        pack(journal, folder.resolve(JOURNAL));
    }

    private static void importTo(Path log, EventAppender appender) {
        try (appender) {
            QemuLogImport.run(List.of(log), appender, ImportOptions.defaults(), Progress.NONE);
        }
    }

    /** Puts one checkpoint in, so that there are two chunks. */
    private record WithCheckpoint(ArchiveWriter archive) implements EventAppender {
        @Override
        public long append(DirectBuffer buffer, int offset, int lengthBytes) {
            long sequence = archive.append(buffer, offset, lengthBytes);
            if (sequence == CHECKPOINT_AT) {
                archive.checkpoint(1, 0x1234, "a state of the model".repeat(10).getBytes(UTF_8));
            }
            return sequence;
        }

        @Override
        public void close() {
            archive.close();
        }
    }

    private static void pack(Path directory, Path zip) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(directory)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(zip))) {
            for (Path file : files) {
                ZipEntry entry = new ZipEntry(directory.relativize(file).toString());
                entry.setTime(0);
                out.putNextEntry(entry);
                Files.copy(file, out);
                out.closeEntry();
            }
        }
    }
}
