package org.iorewind.record.qemu;

import java.io.Serial;

/** A QEMU command line that cannot be recorded as it is: the message says what stands in the way and what to write. */
public final class CommandLineException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    CommandLineException(String message) {
        super(message);
    }
}
