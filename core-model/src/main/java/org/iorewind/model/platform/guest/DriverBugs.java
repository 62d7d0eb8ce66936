package org.iorewind.model.platform.guest;

import java.util.EnumMap;
import java.util.Map;

/**
 * Which mistakes a driver makes, and when: by the how manieth chance to make each of them. None by default. One object belongs
 * to one driver, since it counts. Not thread-safe.
 */
public final class DriverBugs {
    private record Span(long first, long last) {}

    private final Map<DriverBug, Span> planted = new EnumMap<>(DriverBug.class);
    private final Map<DriverBug, Long> chances = new EnumMap<>(DriverBug.class);

    private DriverBugs() {}

    /** A driver without mistakes. */
    public static DriverBugs none() {
        return new DriverBugs();
    }

    /** The same with a mistake that is made always. */
    public DriverBugs with(DriverBug bug) {
        return with(bug, 1, Long.MAX_VALUE);
    }

    /**
     * The same with a mistake that is made at some of its chances.
     *
     * @param first chance at which it is made, from 1
     * @param last chance at which it is made
     */
    public DriverBugs with(DriverBug bug, long first, long last) {
        planted.put(bug, new Span(first, last));
        return this;
    }

    /** Whether the mistake is made now; each call is one chance. */
    boolean strikes(DriverBug bug) {
        long chance = chances.merge(bug, 1L, Long::sum);
        Span span = planted.get(bug);
        return span != null && chance >= span.first() && chance <= span.last();
    }
}
