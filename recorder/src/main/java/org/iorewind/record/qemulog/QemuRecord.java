package org.iorewind.record.qemulog;

/**
 * One record of QEMU's trace events, in another form than text.
 *
 * @param kind what it is
 * @param name QEMU's name of the event; empty if there is none
 * @param timeNs of the source's clock
 * @param numbers the arguments that are numbers, in order, each cut to the width that it was declared with
 * @param text the record as people read it: time, name, and the arguments, of which a text stands last; for a message
 * @param count of lost records
 */
public record QemuRecord(Kind kind, String name, long timeNs, long[] numbers, String text, long count) {
    private static final long[] NO_NUMBERS = {};

    /** What a record is. */
    public enum Kind {
        /** An event. */
        EVENT,
        /** Records before this one were dropped. */
        LOST,
        /** A part of the file that cannot be trusted: events may be missing. */
        DAMAGED,
        /** A record that was not understood. */
        UNPARSED
    }

    /** An event. */
    public static QemuRecord event(String name, long timeNs, long[] numbers, String text) {
        return new QemuRecord(Kind.EVENT, name, timeNs, numbers, text, 0);
    }

    /** Records were dropped before this one. */
    public static QemuRecord lost(long timeNs, long count) {
        return new QemuRecord(Kind.LOST, "", timeNs, NO_NUMBERS, "", count);
    }

    /** The rest of the file, or a part of it, is damaged; the text says how. */
    public static QemuRecord damaged(String text) {
        return new QemuRecord(Kind.DAMAGED, "", Long.MIN_VALUE, NO_NUMBERS, text, 0);
    }

    /** A record that was not understood; the text says why. */
    public static QemuRecord unparsed(long timeNs, String text) {
        return new QemuRecord(Kind.UNPARSED, "", timeNs, NO_NUMBERS, text, 0);
    }
}
