package org.iorewind.replay.predicate;

import java.util.List;
import org.iorewind.replay.ReplayListener;

/** What somebody above this module counts of each event: a filter asks for it as {@code counts.hostCommands}. One thread. */
public interface EventCounts {
    /** Nothing is counted, and nothing can be asked for. */
    EventCounts NONE = new EventCounts() {
        @Override
        public List<ReplayListener> listeners() {
            return List.of();
        }

        @Override
        public List<String> names() {
            return List.of();
        }

        @Override
        public Object value(String name) {
            throw new IllegalArgumentException("nothing is counted: name=" + name);
        }
    };

    /** Who counts: they follow a replay from its start, in this order. */
    List<ReplayListener> listeners();

    /** What can be asked for. */
    List<String> names();

    /**
     * Of the event that was handled last.
     *
     * @param name one of {@link #names}
     * @return a {@link Long} or a {@link String}
     */
    Object value(String name);
}
