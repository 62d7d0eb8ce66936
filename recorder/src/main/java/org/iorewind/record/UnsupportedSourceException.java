package org.iorewind.record;

import java.io.Serial;
import org.iorewind.trace.TraceFormatException;

/** The input is a recording of something that iorewind knows by name and cannot read yet. */
public final class UnsupportedSourceException extends TraceFormatException {
    @Serial
    private static final long serialVersionUID = 1L;

    /**
     * Builds the message from its parts.
     *
     * @param file the input
     * @param expected what can be read
     * @param found what the input is
     * @param nextStep what would work
     */
    public UnsupportedSourceException(String file, String expected, String found, String nextStep) {
        super(file, "", expected, found, nextStep);
    }
}
