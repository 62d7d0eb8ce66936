package org.iorewind.record.kernellog;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.record.ImportResult;
import org.iorewind.record.RecordedEvents;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.Progress;
import org.iorewind.trace.sbe.LogEntryDecoder;

/** What became of a kernel log's text. */
record ImportedLog(ImportResult result, List<Entry> all, RecordedEvents events) {
    /** An entry of the event log, with its time. */
    record Entry(long timeNs, long qword0, long qword0Known, long qword1, long qword1Known) {}

    static ImportedLog of(List<String> lines) {
        return ofText(String.join("\n", lines) + "\n");
    }

    static ImportedLog ofText(String text) {
        try {
            Path file = Files.createTempFile("kernel", ".log");
            try {
                return ofFile(Files.write(file, text.getBytes(StandardCharsets.UTF_8)));
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static ImportedLog ofFile(Path file) {
        RecordedEvents events = new RecordedEvents();
        List<Entry> entries = new ArrayList<>();
        LogEntryDecoder entry = new LogEntryDecoder();
        FrameEventView view = new FrameEventView();
        EventAppender both = new EventAppender() {
            @Override
            public long append(DirectBuffer buffer, int offset, int lengthBytes) {
                byte[] frame = new byte[lengthBytes];
                buffer.getBytes(offset, frame);
                String problem = view.tryWrap(new UnsafeBuffer(frame), 0, lengthBytes, 0);
                if (problem != null) {
                    throw new AssertionError(problem);
                }
                if (view.kind() == EventKind.LOG_ENTRY) {
                    entry.wrap(view.buffer(), view.bodyOffset(), view.blockLength(), view.version());
                    entries.add(new Entry(
                            view.timeNs(), entry.qword0(), entry.qword0Known(), entry.qword1(), entry.qword1Known()));
                }
                return events.append(buffer, offset, lengthBytes);
            }

            @Override
            public void close() {
                // nothing is held
            }
        };
        ImportResult result = KernelLogImport.run(List.of(file), both, Progress.NONE);
        return new ImportedLog(result, entries, events);
    }

    Stream<Entry> entries() {
        return all.stream();
    }
}
