package org.iorewind.cli.debug.session;

import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.trace.EventView;
import org.jspecify.annotations.Nullable;

/** Lets somebody hear a part of a replay: events, and what they drop of caches. Not thread-safe. */
final class Follower implements ReplayListener {
    private @Nullable ReplayListener current;

    /** From now on. */
    void begin(ReplayListener listener, Machine machine) {
        current = listener;
        listener.start(machine);
    }

    void end() {
        current = null;
    }

    @Override
    public void before(EventView event, Machine machine) {
        if (current != null) {
            current.before(event, machine);
        }
    }

    @Override
    public void after(EventView event, Machine machine) {
        if (current != null) {
            current.after(event, machine);
        }
    }

    @Override
    public void translationsInvalidated(int domain, long address, long sizeBytes, int pages) {
        if (current != null) {
            current.translationsInvalidated(domain, address, sizeBytes, pages);
        }
    }
}
