package org.iorewind.cli.dump;

import org.iorewind.replay.predicate.ReplayFilter;
import org.iorewind.trace.EventView;

/** Whether events are wanted, of one cursor that goes on and never back. One thread. */
interface EventTest extends AutoCloseable {
    /** Asks about one. */
    boolean test(EventView event);

    /** Whether it has to see every event from the first on, those by {@link #pass} that nobody asks about. */
    default boolean needsAll() {
        return false;
    }

    /** Sees an event. */
    default void pass(EventView event) {}

    @Override
    default void close() {}

    /**
     * Asks a replay that runs along.
     *
     * @param filter before the first event
     */
    record Replayed(ReplayFilter filter) implements EventTest {
        @Override
        public boolean test(EventView event) {
            return filter.test(event);
        }

        @Override
        public boolean needsAll() {
            return true;
        }

        @Override
        public void pass(EventView event) {
            filter.pass(event);
        }

        @Override
        public void close() {
            filter.close();
        }
    }
}
