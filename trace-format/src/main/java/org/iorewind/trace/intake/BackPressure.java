package org.iorewind.trace.intake;

/** What a producer does when events come faster than the store takes them. */
public enum BackPressure {
    /** It waits: the recorded system slows down, and nothing is lost. */
    BLOCK,
    /** It goes on: the event is lost and counted, and a {@code Gap} event says how many were, and over what time. */
    COUNT
}
