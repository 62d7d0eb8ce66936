package org.iorewind.bench;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.record.qemulog.ImportOptions;
import org.iorewind.record.qemulog.QemuLogImport;
import org.iorewind.samples.Capture;
import org.iorewind.samples.Captures;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.journal.JournalWriter;

/** The traces that are measured: made from a real capture in a scratch folder that is removed at the end. */
final class Workload implements AutoCloseable {
    private static final int ROUNDS = 16;
    private static final long ROUND_NS = 100_000_000_000L;

    private final Path folder;
    private final Capture capture;
    private final Path log;

    Workload() {
        try {
            folder = Files.createTempDirectory("iorewind-bench");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        capture = Captures.logs().get(0);
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

    /** A capture by its name, as an archive. */
    Path archive(String name) {
        return Captures.named(name).orElseThrow().traceIn(folder);
    }

    /** Every log as an archive. */
    List<Path> allArchives() {
        return Captures.logs().stream().map(log -> log.traceIn(folder)).toList();
    }

    /** The capture again and again, later each time: an archive of many chunks. */
    Path longArchive() {
        Path archive = folder.resolve("long.iorw");
        UnsafeBuffer frame = new UnsafeBuffer(new byte[FrameDescriptor.MAX_FRAME_LENGTH]);
        try (TraceReader trace = Traces.open(archive());
                ArchiveWriter writer = ArchiveWriter.create(archive)) {
            for (long round = 0; round < ROUNDS; round++) {
                try (EventCursor cursor = trace.cursor()) {
                    while (cursor.next()) {
                        EventView event = cursor.event();
                        if (round == 0 || event.kind() != EventKind.SESSION_START) {
                            frame.putBytes(0, event.buffer(), event.offset(), event.frameLength());
                            long time = event.timeNs() + round * ROUND_NS;
                            frame.putLong(FrameDescriptor.TIME_OFFSET, time, LITTLE_ENDIAN);
                            writer.append(frame, 0, event.frameLength());
                        }
                    }
                }
            }
        }
        return archive;
    }

    /** One event in each chunk: the index of an archive that is much longer. */
    Path archiveOfChunks(int chunks) {
        Path archive = folder.resolve("chunks.iorw");
        try (TraceReader trace = Traces.open(archive());
                EventCursor cursor = trace.cursor();
                ArchiveWriter writer = ArchiveWriter.create(archive)) {
            for (int i = 0; i < chunks; i++) {
                if (i < 2) {
                    cursor.next();
                }
                EventView event = cursor.event();
                writer.append(event.buffer(), event.offset(), event.frameLength());
                writer.checkpoint(1, 0, new byte[0]);
            }
        }
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
