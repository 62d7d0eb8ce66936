package org.iorewind.cli.dump;

import java.nio.file.Path;
import org.iorewind.replay.predicate.EventFilter;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventView;
import org.iorewind.trace.IntegrityReport;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/** A trace of which only selected events are seen. Closing it leaves the trace below open. */
final class SelectedEvents implements TraceReader {
    private final TraceReader trace;
    private final @Nullable EventFilter filter;
    private final long from;
    private final long to;
    private final long limit;

    SelectedEvents(TraceReader trace, @Nullable EventFilter filter, long from, long to, long limit) {
        this.trace = trace;
        this.filter = filter;
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
        EventCursor all = trace.cursor();
        all.seek(from);
        return new Selection(all);
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

        Selection(EventCursor all) {
            this.all = all;
        }

        @Override
        public boolean next() {
            while (left > 0 && all.next() && all.event().sequence() <= to) {
                if (filter == null || filter.test(all.event())) {
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
            all.seek(Math.max(from, sequence));
        }

        @Override
        public void close() {
            all.close();
        }
    }
}
