package org.iorewind.analyze.rule;

import org.jspecify.annotations.Nullable;

/** An analyzer on the class path cannot be used. */
public final class AnalyzerException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AnalyzerException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
