package org.iorewind.trace;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * The environment refuses: disk full, path missing or unwritable, JVM flags missing. The trace itself is not to blame.
 */
public final class TraceStoreException extends TraceException {
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
    public TraceStoreException(String file, String place, String expected, String found, String nextStep) {
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
    public TraceStoreException(
            String file, String place, String expected, String found, String nextStep, @Nullable Throwable cause) {
        super(file, place, expected, found, nextStep, cause);
    }
}
