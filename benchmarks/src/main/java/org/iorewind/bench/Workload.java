package org.iorewind.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.iorewind.record.qemulog.ImportOptions;
import org.iorewind.record.qemulog.QemuLogImport;
import org.iorewind.samples.Capture;
import org.iorewind.samples.Captures;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.Progress;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.journal.JournalWriter;

/** The traces that are measured: made from a real capture in a scratch folder that is removed at the end. */
final class Workload implements AutoCloseable {
    private final Path folder;
    private final Capture capture;
    private final Path log;

    Workload() {
        try {
            folder = Files.createTempDirectory("iorewind-bench");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        capture = Captures.list().get(0);
        log = capture.extractTo(folder);
    }

    Path folder() {
        return folder;
    }

    Path log() {
        return log;
    }

    Path journal() {
        Path journal = folder.resolve("journal");
        importTo(JournalWriter.create(journal));
        return journal;
    }

    Path archive() {
        Path archive = folder.resolve("trace.iorw");
        importTo(ArchiveWriter.create(archive));
        return archive;
    }

    private void importTo(EventAppender appender) {
        try (appender) {
            QemuLogImport.run(List.of(log), appender, ImportOptions.defaults(), Progress.NONE);
        }
    }

    @Override
    public void close() {
        Scratch.delete(folder);
    }
}
