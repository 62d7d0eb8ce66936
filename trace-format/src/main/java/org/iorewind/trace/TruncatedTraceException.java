package org.iorewind.trace;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The file ends before its content does: a copy was cut short, or the writing of it was not finished. */
public final class TruncatedTraceException extends TraceFormatException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Builds the message from its parts.
     *
     * @param file the file or directory
     * @param place within the file
     * @param expected what should have been there
     * @param found what was there
     * @param nextStep what to do next
     */
    public TruncatedTraceException(String file, String place, String expected, String found, String nextStep) {
        this(file, place, expected, found, nextStep, null);
    }

    /**
     * Builds the message from its parts, with a cause.
     *
     * @param file the file or directory
     * @param place within the file
     * @param expected what should have been there
     * @param found what was there
     * @param nextStep what to do next
     * @param cause what brought it to light, or null
     */
    public TruncatedTraceException(
            String file, String place, String expected, String found, String nextStep, @Nullable Throwable cause) {
        super(file, place, expected, found, nextStep, cause);
    }
}
