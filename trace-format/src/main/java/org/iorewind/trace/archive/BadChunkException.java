package org.iorewind.trace.archive;

import java.io.Serial;

/** A chunk that contradicts itself; {@link ChunkSource} adds file and place. */
final class BadChunkException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1L;

    private final String expected;
    private final String found;

    BadChunkException(String expected, String found) {
        super("expected " + expected + ", found " + found);
        this.expected = expected;
        this.found = found;
    }

    static void require(boolean condition, String expected, long found) {
        if (!condition) {
            throw new BadChunkException(expected, Long.toString(found));
        }
    }

    String expected() {
        return expected;
    }

    String found() {
        return found;
    }
}
