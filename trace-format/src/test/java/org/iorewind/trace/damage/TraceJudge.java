package org.iorewind.trace.damage;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventList;
import org.iorewind.trace.EventView;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.IntegrityReport.Damage;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceException;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.edit.TraceRepair;
import org.iorewind.trace.sbe.GapDecoder;

/**
 * Says of a damaged trace whether what comes out of it is right: each event is what was written or an error names a place;
 * what is whole stays readable, also behind the damage; the report of a check and the errors of a reader say the same; a
 * repaired trace has nothing that was not written. Not thread-safe.
 */
public final class TraceJudge {
    private static final long UNKNOWN = -1;

    private final Path trace;
    private final List<byte[]> frames;
    /** Sequence numbers of the first events of the parts, and behind the last one. */
    private final long[] parts;

    private final SessionInfo session;
    private final boolean[] read;
    private final boolean[] missing;
    private final byte[] frameRead;
    private final GapDecoder gap = new GapDecoder();

    /**
     * A judge for one trace.
     *
     * @param trace where it is, damaged or not
     * @param events what was written
     * @param parts sequence number of the first event of each block or chunk, ascending, and one behind the last event
     */
    public TraceJudge(Path trace, EventList events, long[] parts) {
        this.trace = trace;
        this.frames = events.frames();
        this.parts = parts.clone();
        this.session = SessionInfo.of(events.view(0));
        this.read = new boolean[frames.size()];
        this.missing = new boolean[frames.size()];
        this.frameRead = new byte[FrameDescriptor.MAX_FRAME_LENGTH];
    }

    /** What must be true of the damage. */
    public interface Expectation {
        /** Whether a part is whole and can be found. */
        boolean isWhole(int part);

        /** Whether the trace cannot be told from one that ends before this event. */
        default boolean mayEndBefore(long sequence) {
            return false;
        }
    }

    /** Judges the trace as it can be opened. Fails if it cannot be. */
    public void judge(Expectation expected) {
        try (TraceReader reader = Traces.open(trace)) {
            boolean refused = walk(reader, expected);
            checkReport(reader.check(), refused, expected);
            checkSession(reader);
        }
    }

    /** Reads all that can be read, from damage to damage; returns whether there was an error. */
    private boolean walk(TraceReader reader, Expectation expected) {
        Arrays.fill(read, false);
        boolean refused = false;
        try (EventCursor cursor = reader.cursor()) {
            int at = 0;
            while (at >= 0) {
                try {
                    while (cursor.next()) {
                        require(at < read.length && isWritten(cursor.event(), at), "another event came out as", at);
                        read[at++] = true;
                    }
                    require(at == read.length || expected.mayEndBefore(at), "silently ends before event", at);
                    at = -1;
                } catch (TraceFormatException e) {
                    requireNamed(e);
                    refused = true;
                    at = behind(at);
                    if (at >= 0) {
                        cursor.seek(at);
                    }
                }
            }
        }
        for (int part = 0; part < parts.length - 1; part++) {
            for (long i = parts[part]; expected.isWhole(part) && i < parts[part + 1]; i++) {
                require(read[(int) i], "is whole and cannot be read: event", i);
            }
        }
        return refused;
    }

    /** First event of the next part, or -1. */
    private int behind(long sequence) {
        for (int part = 1; part < parts.length - 1; part++) {
            if (parts[part] > sequence) {
                return (int) parts[part];
            }
        }
        return -1;
    }

    private boolean isWritten(EventView event, int index) {
        byte[] frame = frames.get(index);
        int length = event.frameLength();
        event.buffer().getBytes(event.offset(), frameRead, 0, length);
        return event.sequence() == index && Arrays.equals(frameRead, 0, length, frame, 0, frame.length);
    }

    private void checkReport(IntegrityReport report, boolean refused, Expectation expected) {
        Arrays.fill(missing, false);
        boolean unknown = false;
        for (Damage damage : report.damages()) {
            require(!damage.place().isEmpty() && !damage.found().isEmpty(), "a damage without a name", 0);
            long first = damage.firstSequenceMissing();
            unknown |= first == UNKNOWN || damage.lastSequenceMissing() == UNKNOWN;
            long last = damage.lastSequenceMissing() == UNKNOWN ? Long.MAX_VALUE : damage.lastSequenceMissing();
            for (long i = first; first != UNKNOWN && i < read.length && i <= last; i++) {
                missing[(int) i] = true;
                require(!read[(int) i], "reported missing and readable: event", i);
            }
        }
        int count = 0;
        for (boolean each : read) {
            count += each ? 1 : 0;
        }
        require(report.events() == count, "events reported where " + count + " can be read:", report.events());
        require(!refused || !report.isIntact(), "an error, and intact:", count);
        int end = read.length;
        while (end > 0 && !read[end - 1]) {
            end--;
        }
        boolean known = end == read.length || unknown || expected.mayEndBefore(end);
        for (int i = 0; i < read.length; i++) {
            require(read[i] || missing[i] || i >= end && known, "missing and not reported: event", i);
        }
    }

    private void checkSession(TraceReader reader) {
        try {
            require(reader.session().equals(session), "another session", 0);
        } catch (TraceFormatException e) {
            requireNamed(e);
            require(!read[0], "no session, and event", 0);
        }
    }

    /**
     * Judges what repair makes of the trace: of all that was written, in its order, with a {@code Gap} for each hole.
     *
     * @param expected of it, as far as the first part is whole: without that nothing can be saved
     */
    public void judgeRepair(Expectation expected) {
        EventList saved = new EventList();
        try {
            TraceRepair.repair(trace, saved, (done, total) -> {});
        } catch (TraceException e) {
            requireNamed(e);
            if (expected.isWhole(0)) {
                throw new AssertionError("cannot be repaired, though its first part is whole: " + e.getMessage(), e);
            }
            return;
        }
        Arrays.fill(read, false);
        int at = 0;
        for (int i = 0; i < saved.frames().size(); i++) {
            EventView event = saved.view(i);
            if (at < frames.size() && Arrays.equals(saved.frames().get(i), frames.get(at))) {
                read[at++] = true;
                continue;
            }
            require(event.kind() == EventKind.GAP, "saved, and never written, where this event should be:", at);
            gap.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            at += (int) gap.count();
        }
        for (int part = 0; part < parts.length - 1; part++) {
            for (long i = parts[part]; expected.isWhole(part) && i < parts[part + 1]; i++) {
                require(read[(int) i], "is whole and was not saved: event", i);
            }
        }
    }

    /** Fails if an error does not say what, where and what to do. */
    public static void requireNamed(TraceException e) {
        if (e.file().isEmpty()
                || e.expected().isEmpty()
                || e.found().isEmpty()
                || e.nextStep().isEmpty()) {
            throw new AssertionError("names nothing", e);
        }
    }

    private static void require(boolean condition, String what, long number) {
        if (!condition) {
            throw new AssertionError(what + " " + number);
        }
    }
}
