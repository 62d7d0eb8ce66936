package org.iorewind.analyze;

/**
 * An event, and the driver's calls that it is part of.
 *
 * @param sequence of the event
 * @param timeNs of it, ns since the session's start
 * @param calls that are open; read while the replay is at the event
 */
record CallMoment(long sequence, long timeNs, OpenCalls calls) {
    /** The call in words, to be put behind what happened: {@code , in unmap (#12)}; empty if the recording names none. */
    String by() {
        return calls.words();
    }
}
