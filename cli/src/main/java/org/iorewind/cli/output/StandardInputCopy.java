package org.iorewind.cli.output;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Standard input as a file, for a reader that must read it twice: a copy beside the output, gone when closed. One thread.
 */
public final class StandardInputCopy implements AutoCloseable {
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
        Path copy = target.resolveSibling(target.getFileName() + ".stdin");
        Unfinished.begin(copy);
        try {
            Files.copy(in, copy, StandardCopyOption.REPLACE_EXISTING);
            return new StandardInputCopy(copy);
        } catch (IOException e) {
            new StandardInputCopy(copy).close();
            throw OutputFile.unwritable(target, e);
        }
    }

    /** The copy. */
    public Path path() {
        return copy;
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
