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
import org.iorewind.trace.SessionVariant;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.align.ClockAlignment;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.SessionEndDecoder;
import org.jspecify.annotations.Nullable;

/**
 * Merges traces of sources that watched the same machine at the same time, by time.
 *
 * <p><b>Clocks.</b> A {@link ClockAlignment} says where each event stands on the common clock.
 *
 * <p><b>Order.</b> The events of one trace keep their order. An event counts as no earlier than those before it in its own
 * trace, and an observation or book-keeping event stays with the event before it: what the IOMMU answered stands behind
 * what it was asked. At the same time the trace that was named first comes first.
 *
 * <p><b>Session.</b> The trace named first leads: fidelity, start state, profile and registers are its own. The numbers of
 * the sources are given anew. One {@code SessionEnd} stays, if all traces have one. Where the leading trace knows what the
 * device did, the log entries of one that knows only a log become calls {@code log_entry} of its driver: they are the same
 * entries once more.
 */
public final class TraceMerge {
    private static final int PROGRESS_EVENTS = 1 << 14;
    private static final int MAX_SOURCES = 256;

    private TraceMerge() {}

    /** One trace, standing on the event that it will give next. */
    private static final class Input implements Comparable<Input> {
        private final int number;
        private final EventCursor cursor;
        private final ClockAlignment clocks;
        /** Tells what it observed as a marker; null if it may observe. */
        private final @Nullable EntryMarker marker;

        private final int[] sources = new int[MAX_SOURCES];
        private long key = Long.MIN_VALUE;
        private EndReason end = EndReason.NULL_VAL;

        Input(int number, EventCursor cursor, ClockAlignment clocks, @Nullable EntryMarker marker) {
            this.marker = marker;
            this.number = number;
            this.cursor = cursor;
            this.clocks = clocks;
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
                    key = Math.max(key, timeNs());
                }
                return true;
            }
            return false;
        }

        /** Time of the event that it stands on, by the common clock. */
        long timeNs() {
            return clocks.timeNs(number, cursor.event().timeNs());
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
     * @param clocks how their clocks stand to each other; of the same traces in the same order
     * @param out takes the events; stays open
     * @param progress told now and then, in events
     * @return number of events written
     * @throws TraceFormatException if there are more than 256 sources
     */
    public static long merge(List<TraceReader> traces, ClockAlignment clocks, EventAppender out, Progress progress) {
        EventWriter writer = new EventWriter(out);
        writer.sessionStart(describe(traces, clocks));
        long written = 1;
        List<Input> inputs = new ArrayList<>();
        try {
            PriorityQueue<Input> queue = new PriorityQueue<>();
            for (int i = 0; i < traces.size(); i++) {
                Input input =
                        new Input(i, traces.get(i).cursor(), clocks, repeats(traces, i) ? new EntryMarker(out) : null);
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
                lastTimeNs = input.timeNs();
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

    /**
     * Whether a trace tells again what the leading one knows better: a kernel log beside a recording of the device. Its entries
     * belong to no input of its own, and the device's entries would be compared with them.
     */
    private static boolean repeats(List<TraceReader> traces, int number) {
        return traces.get(0).session().fidelity() != Fidelity.LOG
                && traces.get(number).session().fidelity() == Fidelity.LOG;
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
        EntryMarker marker = event.kind() == EventKind.LOG_ENTRY ? input.marker : null;
        if (marker != null) {
            marker.write(event, input.timeNs(), source);
            return;
        }
        frame.putBytes(0, event.buffer(), event.offset(), event.frameLength());
        frame.putLong(FrameDescriptor.TIME_OFFSET, input.timeNs(), LITTLE_ENDIAN);
        frame.putByte(FrameDescriptor.SOURCE_OFFSET, (byte) source);
        out.append(frame, 0, event.frameLength());
    }

    private static SessionInfo describe(List<TraceReader> traces, ClockAlignment clocks) {
        SessionInfo leading = traces.get(0).session();
        long high = 0;
        long low = 0;
        long observes = 0;
        StringBuilder platform = new StringBuilder();
        StringBuilder contract = new StringBuilder();
        for (int i = 0; i < traces.size(); i++) {
            SessionInfo session = traces.get(i).session();
            high = Long.rotateLeft(high, 1) * 31 + session.idHigh();
            low = Long.rotateLeft(low, 1) * 31 + session.idLow();
            observes |= repeats(traces, i) ? 0 : session.observes();
            String name = (i == 0 ? "" : " ") + "[" + (i + 1) + " " + session.sessionId() + "] ";
            platform.append(name).append(session.platform());
            contract.append(name).append(session.contract());
            if (i > 0) {
                contract.append(' ').append(clocks.sentence(i));
            }
        }
        return SessionVariant.of(leading)
                .id(high, low)
                .startUnixNs(clocks.startUnixNs())
                .observes(observes)
                .platform(platform.toString())
                .contract(contract.toString())
                .info();
    }
}
