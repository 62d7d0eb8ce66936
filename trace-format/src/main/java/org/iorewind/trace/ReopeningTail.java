package org.iorewind.trace;

import java.nio.file.Path;
import org.iorewind.trace.journal.JournalReader;

/**
 * Follows a recording by opening it again and again: each look costs a walk over the headers of its blocks. An archive
 * never grows and ends at its last event. Not thread-safe.
 */
public final class ReopeningTail implements TraceTail {
    private final Path path;
    private TraceReader trace;
    private EventCursor cursor;
    private long next;

    private ReopeningTail(Path path, TraceReader trace) {
        this.path = path;
        this.trace = trace;
        this.cursor = trace.cursor();
    }

    /**
     * Opens a recording, before its first event.
     *
     * @throws TraceFormatException if it is no trace
     */
    @SuppressWarnings("resource") // belongs to the tail
    public static ReopeningTail open(Path path) {
        return new ReopeningTail(path, Traces.open(path));
    }

    @Override
    public boolean next() {
        if (cursor.next()) {
            next++;
            return true;
        }
        return false;
    }

    @Override
    public EventView event() {
        return cursor.event();
    }

    @Override
    public void seek(long sequence) {
        next = sequence;
        cursor.seek(sequence);
    }

    @Override
    public boolean awaitMore(long timeoutMs) throws InterruptedException {
        boolean closed = !(trace instanceof JournalReader journal) || journal.isClosed();
        if (closed) {
            return false;
        }
        Thread.sleep(timeoutMs);
        reopen();
        return true;
    }

    private void reopen() {
        TraceReader fresh = Traces.open(path);
        cursor.close();
        trace.close();
        trace = fresh;
        cursor = fresh.cursor();
        cursor.seek(next);
    }

    @Override
    public void close() {
        cursor.close();
        trace.close();
    }
}
