package org.iorewind.cli.dump;

import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.predicate.EventFilter;
import org.iorewind.replay.predicate.ReplayFilter;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/**
 * Which events are wanted: a range of sequence numbers, a filter, a limit. A filter that asks what an event did, or for the state
 * behind it, is answered by a replay from the first event on. One thread.
 */
public final class Dump {
    private final @Nullable EventFilter filter;
    private final @Nullable String replayed;
    private final ReplayOptions options;
    private final long from;
    private final long to;
    private final long limit;

    private Dump(
            @Nullable EventFilter filter,
            @Nullable String replayed,
            long from,
            long to,
            long limit,
            ReplayOptions options) {
        this.filter = filter;
        this.replayed = replayed;
        this.options = options;
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
     * @param options of the replay, for a filter that needs one
     * @throws UsageException if a number is out of range, or the filter is blank
     * @throws org.iorewind.replay.predicate.FilterException if the filter is no valid expression
     */
    public static Dump of(@Nullable String filter, long from, long to, long limit, ReplayOptions options) {
        if (from < 0 || to < from) {
            throw new UsageException("--from and --to: expected 0 <= from <= to, found: from=" + from + " to=" + to);
        }
        if (limit < 0) {
            throw new UsageException("--limit: expected 0 or more, found: " + limit);
        }
        if (filter != null && filter.isBlank()) {
            throw new UsageException("--filter: expected an expression such as kind == 'Translation', found nothing");
        }
        if (filter != null && ReplayFilter.isNeededFor(filter)) {
            ReplayFilter.check(filter);
            return new Dump(null, filter, from, to, limit, options);
        }
        return new Dump(filter == null ? null : EventFilter.compile(filter), null, from, to, limit, options);
    }

    /** The trace with nothing but the selected events in it. */
    public TraceReader of(TraceReader trace) {
        return new SelectedEvents(trace, test(trace), from, to, limit);
    }

    private EventTest test(TraceReader trace) {
        String expression = replayed;
        EventFilter its = filter;
        if (expression != null) {
            return new EventTest.Replayed(() -> ReplayFilter.open(expression, trace, options));
        }
        return its == null ? event -> true : its::test;
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
