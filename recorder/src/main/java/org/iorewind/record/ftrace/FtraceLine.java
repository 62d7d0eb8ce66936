package org.iorewind.record.ftrace;

/**
 * One line of ftrace's text.
 *
 * @param type what kind of line it is
 * @param task {@code COMM-PID}; empty if the line is no event
 * @param cpu that wrote it, or -1
 * @param timeNs of the trace clock, or {@link #NO_TIME} if the clock does not count seconds
 * @param event name without its system; for other lines a label
 * @param payload what the event says
 * @param lost records that the kernel says it lost; 0 if it does not say how many
 */
record FtraceLine(Type type, String task, int cpu, long timeNs, String event, String payload, long lost) {
    /** A line whose time means nothing. */
    static final long NO_TIME = Long.MIN_VALUE;

    /** What kind of line it is. */
    enum Type {
        /** A trace event. */
        EVENT,
        /** Says that records were lost. */
        LOST,
        /** Header, annotation, stack trace, anything else. */
        OTHER
    }

    static FtraceLine other(String label) {
        return new FtraceLine(Type.OTHER, "", -1, NO_TIME, label, "", 0);
    }

    static FtraceLine lost(int cpu, long count) {
        return new FtraceLine(Type.LOST, "", cpu, NO_TIME, "lost events", "", count);
    }
}
