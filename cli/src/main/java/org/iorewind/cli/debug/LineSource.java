package org.iorewind.cli.debug;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Where commands come from. */
public interface LineSource extends AutoCloseable {
    /**
     * The next line, null when there are no more.
     *
     * @throws IOException if they cannot be read
     */
    @Nullable
    String next() throws IOException;

    /** Whether somebody sits there: an empty line repeats the last command then. */
    boolean isInteractive();

    @Override
    void close() throws IOException;
}
