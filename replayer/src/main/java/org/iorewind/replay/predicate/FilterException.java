package org.iorewind.replay.predicate;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** A predicate that is no valid expression: wrong usage, not a bad trace. */
public final class FilterException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String option;

    /** Creates the exception; the message shows the expression, the place and what is wrong. */
    public FilterException(String message, @Nullable Throwable cause) {
        this("--filter", message, cause);
    }

    private FilterException(String option, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.option = option;
    }

    /** The same for the expression of another option of a command. */
    public FilterException of(String name) {
        return new FilterException(name, String.valueOf(getMessage()), this);
    }

    /** The option that the expression was given to, such as {@code --filter}. */
    public String option() {
        return option;
    }
}
