package org.iorewind.cli.dump;

import java.nio.file.Path;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventView;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;

/** A trace of which only selected events are seen. Closing it leaves the trace below open. */
final class SelectedEvents implements TraceReader {
    private final TraceReader trace;
    private final EventTest wanted;
    private final long from;
    private final long to;
    private final long limit;

    SelectedEvents(TraceReader trace, EventTest wanted, long from, long to, long limit) {
        this.trace = trace;
        this.wanted = wanted;
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
        Selection selection = new Selection(trace.cursor());
        selection.seek(from);
        return selection;
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
        private long left = limit;
        private long first = from;

        Selection(EventCursor all) {
            this.all = all;
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
            first = Math.max(from, sequence);
            wanted.restart();
            all.seek(wanted.needsAll() ? 0 : first);
        }

        @Override
        public void close() {
            wanted.close();
            all.close();
        }
    }
}
