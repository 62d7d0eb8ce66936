package org.iorewind.cli.view;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.iorewind.cli.dump.DumpLine;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.Progress;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;

/**
 * What a trace is, from one pass over its events.
 *
 * @param trace path as given by the user
 * @param storeKind journal or archive
 * @param sizeBytes bytes on disk, all files of a journal together
 * @param session what its first event says
 * @param events number of events
 * @param byKind events per kind, sorted by name
 * @param gaps number of gaps
 * @param ended whether it ended in order
 * @param firstTimeNs least time of an event
 * @param lastTimeNs greatest time of an event
 */
public record TraceSummary(
        String trace,
        String storeKind,
        long sizeBytes,
        SessionInfo session,
        long events,
        SortedMap<String, Long> byKind,
        long gaps,
        boolean ended,
        long firstTimeNs,
        long lastTimeNs) {
    private static final int PROGRESS_EVENTS = 1 << 14;

    /**
     * Reads the whole trace once.
     *
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     */
    public static TraceSummary of(TraceReader trace, Progress progress) {
        SortedMap<String, Long> byKind = new TreeMap<>();
        long events = 0;
        long firstNs = Long.MAX_VALUE;
        long lastNs = Long.MIN_VALUE;
        boolean ended = false;
        try (EventCursor cursor = trace.cursor()) {
            while (cursor.next()) {
                EventView event = cursor.event();
                byKind.merge(DumpLine.kind(event), 1L, Long::sum);
                firstNs = Math.min(firstNs, event.timeNs());
                lastNs = Math.max(lastNs, event.timeNs());
                ended = event.kind() == EventKind.SESSION_END;
                if (++events % PROGRESS_EVENTS == 0) {
                    progress.at(events, -1);
                }
            }
        }
        return new TraceSummary(
                trace.path().toString(),
                trace.storeKind(),
                size(trace.path()),
                trace.session(),
                events,
                byKind,
                byKind.getOrDefault(EventKind.GAP.label(), 0L),
                ended,
                events == 0 ? 0 : firstNs,
                events == 0 ? 0 : lastNs);
    }

    private static long size(Path path) {
        try (Stream<Path> files = Files.walk(path)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
