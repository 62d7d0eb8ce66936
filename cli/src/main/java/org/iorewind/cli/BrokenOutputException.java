package org.iorewind.cli;

import java.io.IOException;
import java.io.Serial;
import java.io.UncheckedIOException;

/** Standard output takes nothing any more: its reader has gone, or its disk is full. */
final class BrokenOutputException extends UncheckedIOException {
    @Serial
    private static final long serialVersionUID = 1L;

    BrokenOutputException(IOException cause) {
        super("standard output cannot be written", cause);
    }
}
