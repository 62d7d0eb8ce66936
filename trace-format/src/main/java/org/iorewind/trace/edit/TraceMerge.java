package org.iorewind.trace.edit;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventClass;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.Progress;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.SessionEndDecoder;

/**
 * Merges traces of sources that watched the same machine at the same time, by time.
 *
 * <p><b>Clocks.</b> The time of an event is {@code startUnixNs} of its trace and {@code timeNs} together. Either all traces
 * know their {@code startUnixNs}, or none does: then all count from the same moment. Clocks are taken as they are; nothing
 * is shifted or stretched.
 *
 * <p><b>Order.</b> The events of one trace keep their order. An event counts as no earlier than those before it in its own
 * trace, and an observation or book-keeping event stays with the event before it: what the IOMMU answered stands behind
 * what it was asked. At the same time the trace that was named first comes first.
 *
 * <p><b>Session.</b> The trace named first leads: fidelity, start state, profile and registers are its own. The numbers of
 * the sources are given anew. One {@code SessionEnd} stays, if all traces have one.
 */
public final class TraceMerge {
    private static final int PROGRESS_EVENTS = 1 << 14;
    private static final int MAX_SOURCES = 256;

    private TraceMerge() {}

    /** One trace, standing on the event that it will give next. */
    private static final class Input implements Comparable<Input> {
        private final int number;
        private final EventCursor cursor;
        private final long shiftNs;
        private final int[] sources = new int[MAX_SOURCES];
        private long key = Long.MIN_VALUE;
        private EndReason end = EndReason.NULL_VAL;

        Input(int number, EventCursor cursor, long shiftNs) {
            this.number = number;
            this.cursor = cursor;
            this.shiftNs = shiftNs;
            Arrays.fill(sources, -1);
        }

        /** Moves to the next event that is to be copied; false at the end. */
        boolean advance() {
            while (cursor.next()) {
                EventView event = cursor.event();
                if (event.kind() == EventKind.SESSION_START) {
                    continue;
                }
                if (event.kind() == EventKind.SESSION_END) {
                    end = reason(event);
                    continue;
                }
                end = EndReason.NULL_VAL;
                EventKind kind = event.kind();
                boolean leads =
                        kind == null || kind.eventClass() == EventClass.INPUT || kind.eventClass() == EventClass.MARKER;
                if (leads || key == Long.MIN_VALUE) {
                    key = Math.max(key, event.timeNs() + shiftNs);
                }
                return true;
            }
            return false;
        }

        private static EndReason reason(EventView event) {
            SessionEndDecoder decoder = new SessionEndDecoder();
            decoder.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            return decoder.reason();
        }

        @Override
        public int compareTo(Input other) {
            int byTime = Long.compare(key, other.key);
            return byTime != 0 ? byTime : Integer.compare(number, other.number);
        }
    }

    /**
     * Merges.
     *
     * @param traces at least one; they stay as they are
     * @param out takes the events; stays open
     * @param progress told now and then, in events
     * @return number of events written
     * @throws TraceFormatException if some traces know the time of day and others do not, or there are more than 256 sources
     */
    public static long merge(List<TraceReader> traces, EventAppender out, Progress progress) {
        List<SessionInfo> sessions = traces.stream().map(TraceReader::session).toList();
        long start = commonStart(traces, sessions);
        EventWriter writer = new EventWriter(out);
        writer.sessionStart(describe(sessions, start));
        long written = 1;
        List<Input> inputs = new ArrayList<>();
        try {
            PriorityQueue<Input> queue = new PriorityQueue<>();
            for (int i = 0; i < traces.size(); i++) {
                long shift = start == 0 ? 0 : sessions.get(i).startUnixNs() - start;
                Input input = new Input(i, traces.get(i).cursor(), shift);
                inputs.add(input);
                if (input.advance()) {
                    queue.add(input);
                }
            }
            UnsafeBuffer frame = new UnsafeBuffer(new byte[FrameDescriptor.MAX_FRAME_LENGTH]);
            int[] usedSources = {0};
            long lastTimeNs = 0;
            while (!queue.isEmpty()) {
                Input input = queue.remove();
                EventView event = input.cursor.event();
                lastTimeNs = event.timeNs() + input.shiftNs;
                append(input, event, frame, usedSources, out, traces);
                if (++written % PROGRESS_EVENTS == 0) {
                    progress.at(written, -1);
                }
                if (input.advance()) {
                    queue.add(input);
                }
            }
            if (inputs.stream().noneMatch(input -> input.end == EndReason.NULL_VAL)) {
                EndReason reason = inputs.stream()
                        .map(input -> input.end)
                        .filter(end -> end != EndReason.CLEAN)
                        .findFirst()
                        .orElse(EndReason.CLEAN);
                writer.at(lastTimeNs).sessionEnd(reason, "");
                written++;
            }
        } finally {
            inputs.forEach(input -> input.cursor.close());
        }
        progress.at(written, -1);
        return written;
    }

    private static void append(
            Input input, EventView event, UnsafeBuffer frame, int[] used, EventAppender out, List<TraceReader> traces) {
        int source = input.sources[event.source()];
        if (source < 0) {
            source = used[0]++;
            if (source >= MAX_SOURCES) {
                throw new TraceFormatException(
                        traces.get(input.number).path().toString(),
                        "event " + event.sequence(),
                        "at most 256 sources in all traces",
                        "one more",
                        "merge fewer traces");
            }
            input.sources[event.source()] = source;
        }
        frame.putBytes(0, event.buffer(), event.offset(), event.frameLength());
        frame.putLong(FrameDescriptor.TIME_OFFSET, event.timeNs() + input.shiftNs, LITTLE_ENDIAN);
        frame.putByte(FrameDescriptor.SOURCE_OFFSET, (byte) source);
        out.append(frame, 0, event.frameLength());
    }

    /** The earliest start, or 0 if no trace knows the time of day. */
    private static long commonStart(List<TraceReader> traces, List<SessionInfo> sessions) {
        long start = Long.MAX_VALUE;
        int known = 0;
        for (SessionInfo session : sessions) {
            if (session.startUnixNs() != 0) {
                known++;
                start = Math.min(start, session.startUnixNs());
            }
        }
        if (known == 0) {
            return 0;
        }
        for (int i = 0; i < traces.size(); i++) {
            if (sessions.get(i).startUnixNs() == 0) {
                throw new TraceFormatException(
                        traces.get(i).path().toString(),
                        "event 0",
                        "the time of day at its start, as the other traces have it",
                        "none",
                        "its events cannot be placed among theirs: record it with time stamps");
            }
        }
        return start;
    }

    private static SessionInfo describe(List<SessionInfo> sessions, long start) {
        SessionInfo leading = sessions.get(0);
        long high = 0;
        long low = 0;
        long observes = 0;
        StringBuilder platform = new StringBuilder();
        StringBuilder contract = new StringBuilder();
        for (int i = 0; i < sessions.size(); i++) {
            SessionInfo session = sessions.get(i);
            high = Long.rotateLeft(high, 1) * 31 + session.idHigh();
            low = Long.rotateLeft(low, 1) * 31 + session.idLow();
            observes |= session.observes();
            String name = (i == 0 ? "" : " ") + "[" + (i + 1) + " " + session.sessionId() + "] ";
            platform.append(name).append(session.platform());
            contract.append(name).append(session.contract());
        }
        return Sessions.merged(leading, high, low, start, observes, platform.toString(), contract.toString());
    }
}
