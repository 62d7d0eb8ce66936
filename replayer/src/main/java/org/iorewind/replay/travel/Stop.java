package org.iorewind.replay.travel;

/** Why a {@link ReplayCursor} stopped. */
public enum Stop {
    /** It stands where it was to go. */
    REACHED,
    /** It stands before the first event: there is nothing before that. */
    START,
    /** It stands on the last event: there is nothing behind that. */
    END,
    /** Somebody asked it to stop; it stands where it was then, and can go on. */
    INTERRUPTED
}
