package org.iorewind.cli.dump;

import java.util.function.Supplier;
import org.iorewind.replay.predicate.ReplayFilter;
import org.iorewind.trace.EventView;
import org.jspecify.annotations.Nullable;

/** Whether an event is wanted. One thread. */
interface EventTest extends AutoCloseable {
    /** Asks about one. */
    boolean test(EventView event);

    /** Whether it has to see every event from the first on, those by {@link #pass} that nobody asks about. */
    default boolean needsAll() {
        return false;
    }

    /** Sees an event. */
    default void pass(EventView event) {}

    /** Begins before the first event again. */
    default void restart() {}

    @Override
    default void close() {}

    /** Asks a replay that runs along. */
    final class Replayed implements EventTest {
        private final Supplier<ReplayFilter> start;
        private @Nullable ReplayFilter running;

        Replayed(Supplier<ReplayFilter> start) {
            this.start = start;
        }

        private ReplayFilter running() {
            ReplayFilter its = running;
            if (its == null) {
                its = start.get();
                running = its;
            }
            return its;
        }

        @Override
        public boolean test(EventView event) {
            return running().test(event);
        }

        @Override
        public boolean needsAll() {
            return true;
        }

        @Override
        public void pass(EventView event) {
            running().pass(event);
        }

        @Override
        public void restart() {
            close();
        }

        @Override
        public void close() {
            if (running != null) {
                running.close();
                running = null;
            }
        }
    }
}
