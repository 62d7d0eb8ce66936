package org.iorewind.record.live;

import java.io.IOException;

/** Where QEMU's lines come in. Its {@link #run} has a thread of its own, and ends with the last line. */
interface Intake extends Runnable, AutoCloseable {
    /** QEMU runs, or has failed to start. */
    void qemuIsUp() throws IOException;

    /** No line will come any more: QEMU has ended, or was told to print none. */
    void ends();

    /** Whether QEMU is known to have ended, as seen from here. Any thread. */
    default boolean qemuIsGone() {
        return false;
    }

    /** The base register of the device table, if the lines do not tell it. Any thread. */
    void deviceTable(long register);

    /** Lines that came after the trace had ended. Any thread. */
    long unrecordedLines();

    @Override
    void close() throws IOException;
}
