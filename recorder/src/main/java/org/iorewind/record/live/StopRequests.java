package org.iorewind.record.live;

import java.util.concurrent.atomic.AtomicInteger;

/** How often somebody has asked a recording to end. Thread-safe. */
public final class StopRequests {
    private final AtomicInteger count = new AtomicInteger();

    /** Asks: the first time to end in order, the second time at once. */
    public void stop() {
        count.incrementAndGet();
    }

    int count() {
        return count.get();
    }
}
