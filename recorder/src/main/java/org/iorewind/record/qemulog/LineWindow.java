package org.iorewind.record.qemulog;

import org.jspecify.annotations.Nullable;

/**
 * The lines of a source, with a look ahead that is bounded in lines and in bytes. Of lines read ahead that are none of
 * ours only the label is kept.
 */
final class LineWindow implements AutoCloseable {
    /** Most lines looked at ahead: a doorbell may run the largest ring once, two lines a command. */
    static final int LOOK_AHEAD = 70_000;

    /**
     * Most characters of text kept ahead: 64 MiB at two bytes each. The longest ring takes a quarter of it at 120
     * characters a line; only lines that no QEMU prints can fill it.
     */
    static final int CHARS_AHEAD = 32 << 20;

    private static final int FIRST_SLOTS = 64;

    private final LineSource source;
    private final int charsAheadLimit;
    /** Lines read and not yet returned: a ring whose length is a power of two. */
    private @Nullable LogLine[] ring = new @Nullable LogLine[FIRST_SLOTS];

    private long[] positions = new long[FIRST_SLOTS];
    private int first;
    private int waiting;
    private long charsWaiting;
    private long position;
    private long lines;

    LineWindow(LineSource source) {
        this(source, CHARS_AHEAD);
    }

    LineWindow(LineSource source, int charsAheadLimit) {
        this.source = source;
        this.charsAheadLimit = charsAheadLimit;
    }

    /** The next line, for which it waits, or null at the end. */
    @Nullable
    LogLine next() {
        LogLine line = waiting == 0 ? source.next() : ring[first];
        if (line == null) {
            return null;
        }
        if (waiting == 0) {
            position = source.position();
        } else {
            position = positions[first];
            ring[first] = null;
            first = first + 1 & ring.length - 1;
            waiting--;
            charsWaiting -= line.chars();
        }
        lines++;
        return line;
    }

    /**
     * The line {@code distance} places after the current one (0: the next), or null beyond the end or a bound, and when
     * it does not come soon.
     */
    @Nullable
    LogLine peek(int distance) {
        while (waiting <= distance) {
            boolean inBounds = waiting == 0 || distance < LOOK_AHEAD && charsWaiting < charsAheadLimit;
            LogLine line = inBounds ? source.nextSoon() : null;
            if (line == null) {
                return null;
            }
            if (distance > 0 && line.type == LogLine.Type.OTHER) {
                line = line.withoutText();
            }
            charsWaiting += line.chars();
            if (waiting == ring.length) {
                grow();
            }
            int slot = first + waiting & ring.length - 1;
            ring[slot] = line;
            positions[slot] = source.position();
            waiting++;
        }
        return ring[first + distance & ring.length - 1];
    }

    private void grow() {
        @Nullable LogLine[] lineSlots = new @Nullable LogLine[ring.length * 2];
        long[] positionSlots = new long[ring.length * 2];
        for (int i = 0; i < waiting; i++) {
            int from = first + i & ring.length - 1;
            lineSlots[i] = ring[from];
            positionSlots[i] = positions[from];
        }
        ring = lineSlots;
        positions = positionSlots;
        first = 0;
    }

    /** {@code FILE:LINE} of the line last returned. */
    String place() {
        return source.place(position);
    }

    /** Lines returned so far. */
    long lines() {
        return lines;
    }

    @Override
    public void close() {
        source.close();
    }
}
