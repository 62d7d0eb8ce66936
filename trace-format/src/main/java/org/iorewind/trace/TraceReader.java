package org.iorewind.trace;

import java.nio.file.Path;

/**
 * A trace, whatever lies below: a live journal's directory or a sealed archive. Opened by {@link Traces#open(Path)}.
 *
 * <p>Thread rule: a reader may be shared; each cursor belongs to one thread.
 */
public interface TraceReader extends AutoCloseable {
    /** The file or directory the trace was opened from. */
    Path path();

    /** What the first event, {@code SessionStart}, says. */
    SessionInfo session();

    /** What kind of store this is, for people: {@code "journal"} or {@code "archive"}. */
    String storeKind();

    /**
     * A cursor before the first event.
     *
     * @throws TraceFormatException if the store cannot be read at all
     */
    EventCursor cursor();

    /** Checks every structure and every checksum; never throws for damage, but lists it. */
    IntegrityReport check();

    @Override
    void close();
}
