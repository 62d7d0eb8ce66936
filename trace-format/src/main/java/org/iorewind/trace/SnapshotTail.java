package org.iorewind.trace;

import org.iorewind.trace.journal.JournalReader;

/** The events that a trace has when it is opened, and no more. Not thread-safe. */
final class SnapshotTail implements TraceTail {
    private final TraceReader trace;
    private final EventCursor cursor;
    private boolean passedEnd;

    SnapshotTail(TraceReader trace) {
        this.trace = trace;
        this.cursor = trace.cursor();
    }

    @Override
    public boolean next() {
        passedEnd = !cursor.next();
        return !passedEnd;
    }

    @Override
    public EventView event() {
        return cursor.event();
    }

    @Override
    public void seek(long sequence) {
        cursor.seek(sequence);
    }

    @Override
    public boolean awaitMore(long timeoutMs) {
        return false;
    }

    @Override
    public boolean isEnded() {
        return passedEnd && !(trace instanceof JournalReader journal && !journal.isClosed());
    }

    @Override
    public void close() {
        cursor.close();
        trace.close();
    }
}
