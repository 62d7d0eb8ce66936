package org.iorewind.trace.archive;

import java.nio.file.Path;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventView;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.TraceStoreException;

/** Makes an archive of a trace. */
public final class Sealer {
    private static final int PROGRESS_PERIOD = 1 << 16;

    private Sealer() {}

    /**
     * Writes all events of a trace into a new archive. The same events give the same bytes.
     *
     * @param trace what to seal; an unfinished trace is sealed as it is
     * @param out the archive to make; must not exist
     * @param progress told the number of events written, now and then and at the end
     * @return number of events
     * @throws TraceFormatException if the trace is damaged; no archive is left then
     * @throws TraceStoreException if the archive cannot be written; no archive is left then
     */
    public static long seal(TraceReader trace, Path out, Progress progress) {
        ArchiveWriter writer = ArchiveWriter.create(out);
        long events = 0;
        try (EventCursor cursor = trace.cursor()) {
            while (cursor.next()) {
                EventView event = cursor.event();
                writer.append(event.buffer(), event.offset(), event.frameLength());
                if (++events % PROGRESS_PERIOD == 0) {
                    progress.at(events, -1);
                }
            }
            writer.close();
        } finally {
            // After a close in order this does nothing.
            writer.abort();
        }
        progress.at(events, -1);
        return events;
    }
}
