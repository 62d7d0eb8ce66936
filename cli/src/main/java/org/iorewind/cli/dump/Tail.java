package org.iorewind.cli.dump;

import java.io.IOException;
import org.iorewind.cli.Terminal;
import org.iorewind.cli.UsageException;
import org.iorewind.replay.predicate.EventFilter;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceTail;
import org.iorewind.trace.json.JsonLinesExporter;
import org.jspecify.annotations.Nullable;

/** Prints the last events of a trace and those that come. One thread. */
public final class Tail {
    private static final long PERIOD_MS = 50;

    private final @Nullable EventFilter filter;
    private final long[] last;
    private final boolean json;
    private final DumpLine line = new DumpLine();

    private Tail(@Nullable EventFilter filter, int lines, boolean json) {
        this.filter = filter;
        this.last = new long[lines];
        this.json = json;
    }

    /**
     * What to print.
     *
     * @param filter expression, or null for every event
     * @param lines events at most of those that are there already
     * @param json whether as JSON Lines
     * @throws UsageException if the filter is blank
     * @throws org.iorewind.replay.predicate.FilterException if the filter is no valid expression
     */
    public static Tail of(@Nullable String filter, int lines, boolean json) {
        if (filter != null && filter.isBlank()) {
            throw new UsageException("--filter: expected an expression such as kind == 'Translation', found nothing");
        }
        return new Tail(filter == null ? null : EventFilter.compile(filter), lines, json);
    }

    /**
     * Prints.
     *
     * @param events before the first event
     * @param follow whether to go on until the recording is closed
     * @param terminal gets the lines, each as soon as it is known
     * @throws InterruptedException if the thread is interrupted
     * @throws IOException from the terminal
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     */
    public void print(TraceTail events, boolean follow, Terminal terminal) throws IOException, InterruptedException {
        long found = 0;
        long end = 0;
        while (events.next()) {
            end = events.event().sequence() + 1;
            if (last.length > 0 && isWanted(events.event())) {
                last[(int) (found++ % last.length)] = events.event().sequence();
            }
        }
        events.seek(found == 0 ? end : last[found < last.length ? 0 : (int) (found % last.length)]);
        do {
            while (events.next()) {
                if (isWanted(events.event())) {
                    print(events.event(), terminal);
                }
            }
            terminal.out().flush();
        } while (follow && events.awaitMore(PERIOD_MS));
    }

    private boolean isWanted(EventView event) {
        return filter == null || filter.test(event);
    }

    private void print(EventView event, Terminal terminal) throws IOException {
        terminal.line(json ? JsonLinesExporter.line(event) : line.of(event));
    }
}
