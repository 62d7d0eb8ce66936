package org.iorewind.trace;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** The input is not what it should be: damaged, cut, of another kind, or text that cannot be read as events. */
public class TraceFormatException extends TraceException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Builds the message from its parts.
     *
     * @param file the file or directory, or the name of the input
     * @param place within the file
     * @param expected what should have been there
     * @param found what was there
     * @param nextStep what to do next
     */
    public TraceFormatException(String file, String place, String expected, String found, String nextStep) {
        this(file, place, expected, found, nextStep, null);
    }

    /**
     * Builds the message from its parts, with a cause.
     *
     * @param file the file or directory, or the name of the input
     * @param place within the file
     * @param expected what should have been there
     * @param found what was there
     * @param nextStep what to do next
     * @param cause what brought it to light, or null
     */
    public TraceFormatException(
            String file, String place, String expected, String found, String nextStep, @Nullable Throwable cause) {
        super(file, place, expected, found, nextStep, cause);
    }
}
