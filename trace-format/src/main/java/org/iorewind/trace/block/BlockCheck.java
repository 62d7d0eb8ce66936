package org.iorewind.trace.block;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.iorewind.trace.CorruptTraceException;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.IntegrityReport.Damage;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TruncatedTraceException;

/** Checks a whole trace, block by block, and goes on behind damage. */
public final class BlockCheck {
    private static final long UNKNOWN = -1;

    private BlockCheck() {}

    /**
     * Loads every block and looks at every event.
     *
     * @param source the blocks; closed at the end
     * @param file for the report
     * @param storeKind for the report
     * @param known damage that was found before
     * @param tornTail for the report
     */
    public static IntegrityReport check(
            BlockSource source, Path file, String storeKind, List<Damage> known, boolean tornTail) {
        return check(source, file, storeKind, 0, known, tornTail);
    }

    /**
     * As above, for a part of a trace.
     *
     * @param firstSequence sequence number of the event that the first block must start with
     */
    public static IntegrityReport check(
            BlockSource source, Path file, String storeKind, long firstSequence, List<Damage> known, boolean tornTail) {
        List<Damage> damages = new ArrayList<>(known);
        long events = 0;
        long blocks = 0;
        boolean ended = false;
        long expected = firstSequence;
        try (BlockCursor cursor = new BlockCursor(source)) {
            for (int block = 0; block < source.blocks(); block++) {
                long first = source.firstSequence(block);
                long end = first + source.count(block);
                if (first != expected && !isKnown(known, expected, first - 1)) {
                    String found = "event " + first;
                    damages.add(new Damage(source.place(block), "event " + expected, found, expected, first - 1));
                }
                expected = end;
                ended = false;
                try {
                    cursor.seek(first);
                    for (long sequence = first; sequence < end; sequence++) {
                        cursor.next();
                        checkPlaceInSession(cursor, source);
                        ended = cursor.event().kind() == EventKind.SESSION_END;
                    }
                    events += end - first;
                    blocks++;
                } catch (TraceFormatException e) {
                    damages.add(new Damage(e.place(), e.expected(), e.found(), first, end - 1));
                }
            }
            checkEnd(source, expected, damages);
        }
        return new IntegrityReport(file, storeKind, events, blocks, damages, ended, tornTail, false);
    }

    private static boolean isKnown(List<Damage> known, long first, long last) {
        return known.stream()
                .anyMatch(each -> each.firstSequenceMissing() == first && each.lastSequenceMissing() == last);
    }

    private static void checkPlaceInSession(BlockCursor cursor, BlockSource source) {
        boolean isStart = cursor.event().kind() == EventKind.SESSION_START;
        if (isStart != (cursor.event().sequence() == 0)) {
            String place = "event " + cursor.event().sequence();
            String expected = isStart ? "no second SessionStart" : "SessionStart as the first event";
            String found = "template " + cursor.event().templateId();
            throw new CorruptTraceException(source.file(), place, expected, found, "find out who wrote the trace");
        }
    }

    private static void checkEnd(BlockSource source, long expected, List<Damage> damages) {
        try {
            source.checkEnd();
        } catch (TraceFormatException e) {
            boolean named = damages.stream()
                    .anyMatch(each ->
                            each.expected().equals(e.expected()) && each.found().equals(e.found()));
            if (!named) {
                damages.add(new Damage(e.place(), e.expected(), e.found(), expected, UNKNOWN));
            }
        }
    }

    /**
     * The session that the first event describes.
     *
     * @param cursor before the first event
     * @param file for messages
     * @param high high half of the session id that the store carries
     * @param low its low half
     * @throws TruncatedTraceException if there is no event
     * @throws CorruptTraceException if the first event is another one, or of another session
     */
    public static SessionInfo sessionOf(EventCursor cursor, Path file, long high, long low) {
        String nextStep = "the recording stopped before it began, or the trace is damaged";
        if (!cursor.next()) {
            throw new TruncatedTraceException(file.toString(), "", "a first event", "none", nextStep);
        }
        if (cursor.event().kind() != EventKind.SESSION_START) {
            String found = "template " + cursor.event().templateId();
            throw new CorruptTraceException(file.toString(), "event 0", "SessionStart", found, nextStep);
        }
        SessionInfo session = SessionInfo.of(cursor.event());
        if (session.idHigh() != high || session.idLow() != low) {
            String expected = "session " + SessionInfo.sessionId(high, low);
            throw new CorruptTraceException(
                    file.toString(), "event 0", expected, "session " + session.sessionId(), nextStep);
        }
        return session;
    }
}
