package org.iorewind.trace.json;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.FrameEventView;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceFormatException;
import org.iorewind.trace.TraceStoreException;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

/** Reads events from JSON Lines. Not thread-safe. */
public final class JsonLinesImporter {
    private static final Map<String, EventKind> KINDS = Arrays.stream(EventKind.values())
            .collect(Collectors.toUnmodifiableMap(EventKind::label, Function.identity()));
    private static final int FIRST_LINE_LENGTH = 4096;

    private final InputStream in;
    private final String name;
    private final EventAppender appender;
    private final FrameEncoder encoder = new FrameEncoder();
    private final FrameEventView view = new FrameEventView();
    private final EventTable table = EventTable.standard();
    private byte[] line = new byte[FIRST_LINE_LENGTH];
    private final byte[] read = new byte[1 << 16];
    private int readAt;
    private int readEnd;
    private long lineNumber;
    private long events;

    private JsonLinesImporter(InputStream in, String name, EventAppender appender) {
        this.in = in;
        this.name = name;
        this.appender = appender;
    }

    /**
     * Reads all lines. Empty lines are skipped; the first event must be a {@code SessionStart}.
     *
     * @param in UTF-8 text; is not closed
     * @param name of the input, for messages
     * @param appender takes the events; is not closed
     * @return number of events
     * @throws TraceFormatException if there is no event, or a line is not an event; the message names line, field, expected and found
     * @throws TraceStoreException if {@code in} cannot be read, or the store cannot take an event
     */
    public static long importTo(InputStream in, String name, EventAppender appender) {
        return new JsonLinesImporter(in, name, appender).run();
    }

    private long run() {
        for (int length = readLine(); length >= 0; length = readLine()) {
            if (!isBlank(length)) {
                append(JsonLine.parse(line, length, name, lineNumber));
                events++;
            }
        }
        if (events == 0) {
            String nextStep = "check that this is the file you mean";
            throw new TraceFormatException(name, "", "one event per line", "no event in it", nextStep);
        }
        return events;
    }

    private void append(JsonLine parsed) {
        checkSequence(parsed);
        @Nullable JsonValue kindValue = parsed.take(JsonLinesDescriptor.KIND);
        if (kindValue == null || kindValue.form() != JsonValue.Form.STRING) {
            throw parsed.error(JsonLinesDescriptor.KIND, "the name of an event type", describe(kindValue));
        }
        @Nullable JsonValue frame = parsed.take(JsonLinesDescriptor.FRAME);
        if (frame != null) {
            appendFrame(frame, kindValue.text(), parsed);
            return;
        }
        @Nullable EventKind kind = KINDS.get(kindValue.text());
        if (kind == null) {
            String expected = "the name of an event type, or a field \"frame\" beside it";
            throw parsed.error(JsonLinesDescriptor.KIND, expected, kindValue.describe());
        }
        requireStart(kind, parsed);
        int length = encoder.encode(table.type(kind), parsed);
        parsed.requireAllTaken(kind.label());
        appender.append(encoder.buffer(), 0, length);
    }

    /** A lost line must not go unnoticed; whoever edits lines by hand may leave the numbers out. */
    private void checkSequence(JsonLine parsed) {
        @Nullable JsonValue sequence = parsed.take(JsonLinesDescriptor.SEQUENCE);
        if (sequence != null && !sequence.text().equals(Long.toString(events))) {
            throw parsed.error(JsonLinesDescriptor.SEQUENCE, Long.toString(events), sequence.describe());
        }
    }

    private void requireStart(@Nullable EventKind kind, JsonLine parsed) {
        if (events == 0 && kind != EventKind.SESSION_START) {
            String expected = "SessionStart as the first event";
            throw parsed.error(JsonLinesDescriptor.KIND, expected, kind == null ? "another" : kind.label());
        }
    }

    private void appendFrame(JsonValue frame, String kindName, JsonLine parsed) {
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(frame.text());
        } catch (IllegalArgumentException e) {
            throw parsed.error(JsonLinesDescriptor.FRAME, "pairs of hexadecimal digits", frame.describe());
        }
        UnsafeBuffer buffer = new UnsafeBuffer(bytes);
        @Nullable
        String problem = bytes.length > FrameDescriptor.MAX_FRAME_LENGTH
                ? bytes.length + " bytes"
                : view.tryWrap(buffer, 0, bytes.length, events);
        if (problem != null || view.frameLength() != bytes.length) {
            String found = problem != null ? problem : "bytes behind the frame";
            throw parsed.error(JsonLinesDescriptor.FRAME, "a sound event frame", found);
        }
        @Nullable EventKind kind = view.kind();
        String label =
                kind != null ? kind.label() : JsonLinesDescriptor.UNNAMED_KIND + Integer.toString(view.templateId());
        if (!label.equals(kindName)) {
            throw parsed.error(JsonLinesDescriptor.KIND, label + " as in the frame", JsonValue.shown(kindName));
        }
        requireStart(kind, parsed);
        appender.append(buffer, 0, bytes.length);
    }

    private static String describe(@Nullable JsonValue value) {
        return value == null ? "nothing" : value.describe();
    }

    private boolean isBlank(int length) {
        for (int i = 0; i < length; i++) {
            if (line[i] != ' ' && line[i] != '\t' && line[i] != '\r') {
                return false;
            }
        }
        return true;
    }

    /** Reads up to the next line feed into {@link #line}; returns the length, or -1 at the end of the input. */
    private int readLine() {
        int length = 0;
        lineNumber++;
        while (true) {
            if (readAt == readEnd && !fill()) {
                return length > 0 ? length : -1;
            }
            int start = readAt;
            while (readAt < readEnd && read[readAt] != '\n') {
                readAt++;
            }
            int part = readAt - start;
            if (length + part > JsonLinesDescriptor.MAX_LINE_LENGTH) {
                String expected = "at most " + JsonLinesDescriptor.MAX_LINE_LENGTH + " bytes";
                String nextStep = "check that the file is JSON Lines, one event per line";
                throw new TraceFormatException(name, "line " + lineNumber, expected, "a longer line", nextStep);
            }
            if (length + part > line.length) {
                line = Arrays.copyOf(line, Math.max(2 * line.length, length + part));
            }
            System.arraycopy(read, start, line, length, part);
            length += part;
            if (readAt < readEnd) {
                readAt++;
                return length;
            }
        }
    }

    private boolean fill() {
        try {
            readAt = 0;
            readEnd = Math.max(0, in.read(read));
            return readEnd > 0;
        } catch (IOException e) {
            readEnd = 0;
            String place = "line " + lineNumber;
            throw new TraceStoreException(name, place, "to read the input", PlainReason.of(e), "check the input", e);
        }
    }
}
