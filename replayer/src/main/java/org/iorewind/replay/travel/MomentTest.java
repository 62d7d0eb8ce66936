package org.iorewind.replay.travel;

import org.iorewind.replay.Playback;
import org.iorewind.trace.EventView;

/** A question about an event that was just handled, and the state that it led to. */
public interface MomentTest {
    /** A run begins in this state: the events behind it will be asked for, in order. */
    default void begin(Playback playback) {}

    /**
     * Whether this is what is looked for.
     *
     * @param event that was handled; valid during the call
     * @param playback in the state behind it; to be read
     * @param effects of the event
     */
    boolean holds(EventView event, Playback playback, Effects effects);
}
