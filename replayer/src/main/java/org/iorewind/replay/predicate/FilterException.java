package org.iorewind.replay.predicate;

import java.io.Serial;

/** A predicate that is no valid expression: wrong usage, not a bad trace. */
public final class FilterException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    /** Creates the exception; the message shows the expression, the place and what is wrong. */
    public FilterException(String message, Throwable cause) {
        super(message, cause);
    }
}
