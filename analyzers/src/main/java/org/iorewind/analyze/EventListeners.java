package org.iorewind.analyze;

import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.trace.EventView;

/**
 * Several listeners that only look at events. To the model they are one, which does not have to be told of each effect by each
 * of them. One replay, one thread.
 */
final class EventListeners implements ReplayListener {
    private final ReplayListener[] listeners;

    EventListeners(ReplayListener... listeners) {
        this.listeners = listeners.clone();
    }

    @Override
    public void after(EventView event, Machine machine) {
        for (ReplayListener listener : listeners) {
            listener.after(event, machine);
        }
    }
}
