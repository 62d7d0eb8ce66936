package org.iorewind.model.platform.host;

import java.util.ArrayDeque;
import java.util.Deque;
import org.iorewind.model.platform.driver.LogEntry;
import org.jspecify.annotations.Nullable;

/**
 * Events of one guest for its VMM, with the guest's IDs. A full queue loses what comes, and says so with the next event that is
 * read, as iommufd does. Not thread-safe.
 */
public final class VeventQueue {
    private static final int USUAL_DEPTH = 64;

    private final Deque<LogEntry> waiting = new ArrayDeque<>();
    private int depth = USUAL_DEPTH;
    private long lost;

    /** An empty queue. */
    VeventQueue() {}

    /** Sets how many events may wait, at least one. */
    void setDepth(int value) {
        depth = value;
    }

    void add(LogEntry event) {
        if (waiting.size() < depth) {
            waiting.add(event);
        } else {
            lost++;
        }
    }

    /** Takes the oldest event, or nothing. */
    public @Nullable LogEntry poll() {
        return waiting.poll();
    }

    /** How many wait. */
    public int size() {
        return waiting.size();
    }

    /** How many were lost. */
    public long lost() {
        return lost;
    }
}
