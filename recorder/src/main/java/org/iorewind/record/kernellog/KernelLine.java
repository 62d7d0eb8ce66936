package org.iorewind.record.kernellog;

/**
 * One line of a kernel log without what others put around it.
 *
 * @param clock what the time is counted by
 * @param timeNs the time by that clock; for {@link Clock#STEP} the time since the line before, for {@link Clock#NONE} 0
 * @param text what the kernel said, without blanks at its ends
 */
record KernelLine(Clock clock, long timeNs, String text) {
    /** What a stamp is counted by. */
    enum Clock {
        /** No stamp. */
        NONE,
        /** Since the kernel's start. */
        BOOT,
        /** Since 1970-01-01 UTC. */
        WALL,
        /** Since 1970-01-01 in a zone that the line does not name, or of a year that it does not name. */
        LOCAL,
        /** Since the line before. */
        STEP
    }

    /** The same text at another time. */
    KernelLine at(Clock otherClock, long otherTimeNs) {
        return new KernelLine(otherClock, otherTimeNs, text);
    }

    /** The same time with another text. */
    KernelLine saying(String otherText) {
        return new KernelLine(clock, timeNs, otherText);
    }
}
