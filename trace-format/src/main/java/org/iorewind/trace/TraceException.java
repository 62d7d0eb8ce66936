package org.iorewind.trace;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/**
 * Something is wrong with a trace or with the place it is kept in. The message says where, what was expected, what was
 * found and what to do next; each part can also be asked for by itself.
 */
public abstract class TraceException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String file;
    private final String place;
    private final String expected;
    private final String found;
    private final String nextStep;

    /**
     * Builds the message from its parts.
     *
     * @param file the file or directory, or the name of the input
     * @param place within the file: offset, block, sequence number, line; empty if it is the whole file
     * @param expected what should have been there
     * @param found what was there
     * @param nextStep what the reader of the message can do
     * @param cause what brought it to light, or null
     */
    protected TraceException(
            String file, String place, String expected, String found, String nextStep, @Nullable Throwable cause) {
        super(message(file, place, expected, found, nextStep), cause);
        this.file = file;
        this.place = place;
        this.expected = expected;
        this.found = found;
        this.nextStep = nextStep;
    }

    private static String message(String file, String place, String expected, String found, String nextStep) {
        StringBuilder text = new StringBuilder(file);
        if (!place.isEmpty()) {
            text.append(": ").append(place);
        }
        text.append(": expected ").append(expected).append(", found ").append(found);
        return text.append("; ").append(nextStep).toString();
    }

    /** The file, directory or input. */
    public final String file() {
        return file;
    }

    /** Where in the file; empty for the whole file. */
    public final String place() {
        return place;
    }

    /** What should have been there. */
    public final String expected() {
        return expected;
    }

    /** What was there. */
    public final String found() {
        return found;
    }

    /** What to do next. */
    public final String nextStep() {
        return nextStep;
    }
}
