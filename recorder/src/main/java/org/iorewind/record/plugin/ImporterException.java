package org.iorewind.record.plugin;

import org.jspecify.annotations.Nullable;

/** An importer on the class path cannot be used. */
public final class ImporterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** With what was expected, what was found, and what to do. */
    public ImporterException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
