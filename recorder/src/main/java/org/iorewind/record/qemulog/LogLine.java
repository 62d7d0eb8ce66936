package org.iorewind.record.qemulog;

import java.util.function.Consumer;
import org.iorewind.trace.EventWriter;
import org.jspecify.annotations.Nullable;

/** One line of a QEMU log, taken apart as far as its prefix and, for our events, its numbers. */
final class LogLine {
    /** What kind of line it is. */
    enum Type {
        /** An {@code amdvi_*} event whose numbers were understood. */
        EVENT,
        /** A {@code mem …} line of the recording plug-in or of a snapshot. */
        MEMORY,
        /** A {@code reg OFFSET VALUE} line of a snapshot. */
        REGISTER,
        /** A {@code # …} line of a snapshot, or an {@code S …} line of a qtest transcript. */
        SECTION,
        /** A request ({@code > …}) of a qtest transcript. */
        REQUEST,
        /** The answer ({@code < …}) to it. */
        REPLY,
        /** No line: something that a live recorder has to say between two lines. */
        INSERT,
        /** Not a line: lines are missing here, and what was begun before does not go on behind it. */
        LOST,
        /** Looks like ours and cannot be understood. */
        UNPARSED,
        /** None of ours. */
        OTHER
    }

    /** A time or thread that the line does not tell. */
    static final long UNKNOWN = Long.MIN_VALUE;

    final Type type;
    final String text;
    /** Where the payload (event arguments, memory line's fields) starts in {@link #text}. */
    final int start;
    /** Nanoseconds since 1970-01-01 UTC, or {@link #UNKNOWN}. */
    final long unixNs;
    /** Thread id, or {@link #UNKNOWN}. */
    final long thread;

    final @Nullable QemuEvent event;
    final long[] values;
    /** What a recorder appended after {@code " | "}, or empty. */
    final String annotation;
    /** For {@link Type#OTHER}: what the line seems to be. */
    final String label;
    /** What this process read from memory when the line arrived; null if it reads none. */
    final @Nullable Annotation witnessed;
    /** Of an {@link Type#INSERT}: what to write. */
    final @Nullable Consumer<EventWriter> insert;

    LogLine(
            Type type,
            String text,
            int start,
            long unixNs,
            long thread,
            @Nullable QemuEvent event,
            long[] values,
            String annotation,
            String label) {
        this(type, text, start, unixNs, thread, event, values, annotation, label, null, null);
    }

    private LogLine(
            Type type,
            String text,
            int start,
            long unixNs,
            long thread,
            @Nullable QemuEvent event,
            long[] values,
            String annotation,
            String label,
            @Nullable Annotation witnessed,
            @Nullable Consumer<EventWriter> insert) {
        this.type = type;
        this.text = text;
        this.start = start;
        this.unixNs = unixNs;
        this.thread = thread;
        this.event = event;
        this.values = values;
        this.annotation = annotation;
        this.label = label;
        this.witnessed = witnessed;
        this.insert = insert;
    }

    /** The line of an event of which nothing but its numbers, and what was read beside it, is wanted. */
    static LogLine event(QemuEvent event, long[] values, long unixNs, long thread, Annotation read) {
        return new LogLine(Type.EVENT, "", 0, unixNs, thread, event, values, "", event.label(), read, null);
    }

    /** Not a line, but something to write where it stands among the lines. */
    static LogLine insert(long unixNs, Consumer<EventWriter> insert) {
        return new LogLine(Type.INSERT, "", 0, unixNs, UNKNOWN, null, new long[0], "", "insert", null, insert);
    }

    /** Lines are missing here: says so in the trace. */
    static LogLine lost(long unixNs, Consumer<EventWriter> gap) {
        return new LogLine(Type.LOST, "", 0, unixNs, UNKNOWN, null, new long[0], "", "lost", null, gap);
    }

    /** The same line with what memory held when it arrived. */
    LogLine with(Annotation read) {
        return new LogLine(type, text, start, unixNs, thread, event, values, annotation, label, read, null);
    }

    /** The same line with a stamp, unless it has one, and its thread, unless that is 0. */
    LogLine arrivedAt(long arrivalUnixNs, int itsThread) {
        if (unixNs != UNKNOWN) {
            return this;
        }
        long from = itsThread == 0 ? thread : itsThread;
        return new LogLine(type, text, start, arrivalUnixNs, from, event, values, annotation, label, witnessed, insert);
    }

    /** The same line with its label only. */
    LogLine withoutText() {
        return new LogLine(type, "", 0, unixNs, thread, event, values, "", label);
    }

    /** Characters that it keeps in memory. */
    int chars() {
        return text.length() + annotation.length();
    }

    boolean is(QemuEvent wanted) {
        return event == wanted;
    }

    /** Requester id from three printed numbers starting at {@code index}: bus, device, function. */
    int requester(int index) {
        return (int) (values[index] << 8 | (values[index + 1] & 0x1f) << 3 | values[index + 2] & 7) & 0xffff;
    }

    String payload() {
        return text.substring(start);
    }

    /** The payload's words; two blanks in a row have an empty one between them, blanks at the end do not matter. */
    String[] words() {
        return payload().stripTrailing().split(" ", -1);
    }
}
