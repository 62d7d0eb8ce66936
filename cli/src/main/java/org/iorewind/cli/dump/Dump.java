package org.iorewind.cli.dump;

import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.replay.predicate.EventFilter;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/** Which events are wanted: a range of sequence numbers, a filter, a limit. One thread. */
public final class Dump {
    private final @Nullable EventFilter filter;
    private final long from;
    private final long to;
    private final long limit;

    private Dump(@Nullable EventFilter filter, long from, long to, long limit) {
        this.filter = filter;
        this.from = from;
        this.to = to;
        this.limit = limit;
    }

    /**
     * A selection.
     *
     * @param filter expression, or null for every event
     * @param from first sequence number
     * @param to last sequence number, included
     * @param limit events at most
     * @throws UsageException if a number is out of range, or the filter is blank
     * @throws org.iorewind.replay.predicate.FilterException if the filter is no valid expression
     */
    public static Dump of(@Nullable String filter, long from, long to, long limit) {
        if (from < 0 || to < from) {
            throw new UsageException("--from and --to: expected 0 <= from <= to, found: from=" + from + " to=" + to);
        }
        if (limit < 0) {
            throw new UsageException("--limit: expected 0 or more, found: " + limit);
        }
        if (filter != null && filter.isBlank()) {
            throw new UsageException("--filter: expected an expression such as kind == 'Translation', found nothing");
        }
        return new Dump(filter == null ? null : EventFilter.compile(filter), from, to, limit);
    }

    /** The trace with nothing but the selected events in it. */
    public TraceReader of(TraceReader trace) {
        return new SelectedEvents(trace, filter, from, to, limit);
    }

    /**
     * Prints the selected events, one line each.
     *
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted; what came before is
     *     printed
     */
    public void print(TraceReader trace, Terminal terminal) {
        DumpLine line = new DumpLine();
        try (TraceReader selected = of(trace);
                EventCursor cursor = selected.cursor()) {
            while (cursor.next()) {
                terminal.line(line.of(cursor.event()));
            }
        }
    }
}
