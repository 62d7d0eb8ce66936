package org.iorewind.cli.debug.session;

import java.util.Locale;
import org.iorewind.replay.predicate.Watch;
import org.iorewind.replay.travel.MomentTest;

/**
 * Something that stops a run.
 *
 * @param number from 1, never used again
 * @param kind what it looks for
 * @param what as it was asked for
 * @param test whether it stops here
 */
public record Breakpoint(int number, Kind kind, String what, MomentTest test) {
    /** What a breakpoint looks for. */
    public enum Kind {
        /** A predicate that holds. */
        BREAK,
        /** A place that holds another value than before. */
        WATCH,
        /** A place that was read. */
        RWATCH;

        /** The verb that makes it. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What was in the watched place before the event, empty for other kinds; known when it has just stopped a run. */
    public String before() {
        return test instanceof Watch watch ? watch.before() : "";
    }

    /** What is in the watched place, likewise. */
    public String after() {
        return test instanceof Watch watch ? watch.after() : "";
    }

    @Override
    public String toString() {
        return number + ": " + kind.label() + " " + what;
    }
}
