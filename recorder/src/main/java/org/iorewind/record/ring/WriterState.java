package org.iorewind.record.ring;

/** What is known of the process that writes into a ring. */
public enum WriterState {
    /** None has come yet. */
    AWAITED,
    /** It is there. */
    WRITING,
    /** It is gone, and has said so: what it wrote is complete. */
    ENDED,
    /** It is gone without a word: killed, or crashed. */
    KILLED
}
