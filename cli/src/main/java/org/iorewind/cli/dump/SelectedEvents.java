package org.iorewind.cli.dump;

import java.nio.file.Path;
import java.util.function.Supplier;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventView;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;

/** A trace of which only selected events are seen. Closing it leaves the trace below open. */
final class SelectedEvents implements TraceReader {
    private final TraceReader trace;
    private final Supplier<EventTest> tests;
    private final long from;
    private final long to;
    private final long limit;

    /** Each cursor asks a test of its own, and another one when it seeks. */
    SelectedEvents(TraceReader trace, Supplier<EventTest> tests, long from, long to, long limit) {
        this.trace = trace;
        this.tests = tests;
        this.from = from;
        this.to = to;
        this.limit = limit;
    }

    @Override
    public Path path() {
        return trace.path();
    }

    @Override
    public SessionInfo session() {
        return trace.session();
    }

    @Override
    public String storeKind() {
        return trace.storeKind();
    }

    @Override
    public EventCursor cursor() {
        return new Selection(trace.cursor());
    }

    @Override
    public IntegrityReport check() {
        return trace.check();
    }

    @Override
    public void close() {
        // the trace belongs to whoever opened it
    }

    /** Skips what is not wanted. */
    private final class Selection implements EventCursor {
        private final EventCursor all;
        private EventTest wanted = tests.get();
        private long left = limit;
        private long first;

        Selection(EventCursor all) {
            this.all = all;
            begin(from);
        }

        private void begin(long sequence) {
            first = sequence;
            all.seek(wanted.begin(first));
        }

        @Override
        public boolean next() {
            while (left > 0 && all.next() && all.event().sequence() <= to) {
                if (all.event().sequence() < first) {
                    wanted.pass(all.event());
                } else if (wanted.test(all.event())) {
                    left--;
                    return true;
                }
            }
            return false;
        }

        @Override
        public EventView event() {
            return all.event();
        }

        @Override
        public void seek(long sequence) {
            wanted.close();
            wanted = tests.get();
            begin(Math.max(from, sequence));
        }

        @Override
        public void close() {
            wanted.close();
            all.close();
        }
    }
}
