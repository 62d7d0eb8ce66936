package org.iorewind.cli;

import java.io.Serial;

/** The command was asked for something that cannot be: the message says what, and what to type instead. */
public final class UsageException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** A message for people. */
    public UsageException(String message) {
        super(message);
    }
}
