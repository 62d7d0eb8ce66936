package org.iorewind.cli.dump;

import org.iorewind.replay.checkpoint.CheckpointStore;
import org.iorewind.replay.predicate.ReplayFilter;
import org.iorewind.trace.EventView;

/** Whether events are wanted, of one cursor that goes on and never back. One thread. */
interface EventTest extends AutoCloseable {
    /** Asks about one. */
    boolean test(EventView event);

    /**
     * Begins.
     *
     * @param sequence of the first event that will be asked about
     * @return that of the first one it has to see, by {@link #pass} what comes before
     */
    default long begin(long sequence) {
        return sequence;
    }

    /** Sees an event. */
    default void pass(EventView event) {}

    @Override
    default void close() {}

    /**
     * Asks a replay that runs along.
     *
     * @param filter before the first event
     * @param checkpoints from which it may begin
     */
    record Replayed(ReplayFilter filter, CheckpointStore checkpoints) implements EventTest {
        @Override
        public boolean test(EventView event) {
            return filter.test(event);
        }

        @Override
        public long begin(long sequence) {
            return filter.skipTo(checkpoints, sequence);
        }

        @Override
        public void pass(EventView event) {
            filter.pass(event);
        }

        @Override
        public void close() {
            filter.close();
            checkpoints.close();
        }
    }
}
