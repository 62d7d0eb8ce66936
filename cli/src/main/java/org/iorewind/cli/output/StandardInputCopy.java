package org.iorewind.cli.output;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import org.iorewind.trace.TraceException;
import org.iorewind.trace.TraceFormatException;

/**
 * Standard input as a file, for a reader that must read it twice: a copy beside the output, gone when closed. One thread.
 */
public final class StandardInputCopy implements AutoCloseable {
    private static final String NAME = "standard input";

    private final Path copy;

    private StandardInputCopy(Path copy) {
        this.copy = copy;
    }

    /**
     * Copies all of standard input.
     *
     * @param in standard input
     * @param target the output that the copy stands beside
     * @throws org.iorewind.trace.TraceStoreException if there is no room for it
     */
    public static StandardInputCopy of(InputStream in, Path target) {
        Path parent = target.toAbsolutePath().getParent();
        try {
            Path copy = Files.createTempFile(parent == null ? target.toAbsolutePath() : parent, "iorewind-", ".input");
            Unfinished.begin(copy);
            StandardInputCopy made = new StandardInputCopy(copy);
            try {
                Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
                return made;
            } catch (IOException e) {
                made.close();
                throw e;
            }
        } catch (IOException e) {
            throw OutputFile.unwritable(target, e);
        }
    }

    /** The copy. */
    public Path path() {
        return copy;
    }

    /** A complaint about the copy, as one about standard input: nobody else knows of the copy. */
    public TraceFormatException named(TraceFormatException failure) {
        return isAboutCopy(failure)
                ? new TraceFormatException(
                        NAME, failure.place(), failure.expected(), failure.found(), failure.nextStep(), failure)
                : failure;
    }

    private boolean isAboutCopy(TraceException failure) {
        return failure.file().equals(copy.toString());
    }

    @Override
    public void close() {
        try {
            Unfinished.delete(copy);
            Unfinished.end(copy);
        } catch (IOException ignored) {
            // stays listed, so that the end of the process tries again
        }
    }
}
