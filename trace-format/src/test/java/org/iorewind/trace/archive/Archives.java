package org.iorewind.trace.archive;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Path;
import java.util.List;
import org.iorewind.trace.EventList;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;

/** Archives of given events. */
final class Archives {
    private Archives() {}

    /** Writes one, and returns its file. */
    static Path write(Path file, EventList events) {
        try (ArchiveWriter writer = ArchiveWriter.create(file)) {
            events.copyTo(writer);
        }
        return file;
    }

    /** All events of one, as {@link EventList#of} has them. */
    static List<String> read(Path file) {
        try (TraceReader reader = Traces.open(file)) {
            return EventList.of(reader);
        }
    }

    /** Flips a bit of a file. */
    static void flip(RandomAccessFile file, long bit) throws IOException {
        file.seek(bit / 8);
        int value = file.read();
        file.seek(bit / 8);
        file.write(value ^ 1 << bit % 8);
    }
}
