package org.iorewind.cli.dump;

import java.util.function.Function;
import org.iorewind.analyze.ReportCounts;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.predicate.EventFilter;
import org.iorewind.replay.predicate.ReplayFilter;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/**
 * Which events are wanted: a range of sequence numbers, a filter, a limit. A filter that asks what an event did, or for the state
 * behind it, is answered by a replay, from a checkpoint before the range if there is one that will do. One thread.
 */
public final class Dump {
    private final Function<TraceReader, EventTest> tests;
    private final long from;
    private final long to;
    private final long limit;

    private Dump(Function<TraceReader, EventTest> tests, long from, long to, long limit) {
        this.tests = tests;
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
        return new Dump(tests(filter, options), from, to, limit);
    }

    private static Function<TraceReader, EventTest> tests(@Nullable String filter, ReplayOptions options) {
        if (filter == null) {
            return trace -> event -> true;
        }
        if (ReplayFilter.isNeededFor(filter)) {
            ReplayFilter.check(filter, new ReportCounts());
            return trace -> new EventTest.Replayed(
                    ReplayFilter.open(filter, trace, options, new ReportCounts()),
                    CheckpointStore.existing(trace, options));
        }
        EventFilter compiled = EventFilter.compile(filter);
        return trace -> compiled::test;
    }

    /** The trace with nothing but the selected events in it. */
    public TraceReader of(TraceReader trace) {
        return new SelectedEvents(trace, () -> tests.apply(trace), from, to, limit);
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
