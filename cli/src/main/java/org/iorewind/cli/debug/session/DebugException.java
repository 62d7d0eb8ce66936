package org.iorewind.cli.debug.session;

import java.io.Serial;

/** A command that cannot be done here: the message says what was expected, what was found, and what to type instead. */
public final class DebugException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** A message for people. */
    public DebugException(String message) {
        super(message);
    }
}
