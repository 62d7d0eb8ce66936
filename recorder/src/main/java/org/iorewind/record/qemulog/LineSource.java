package org.iorewind.record.qemulog;

import org.jspecify.annotations.Nullable;

/** Where a {@link LineWindow} gets its lines from. */
interface LineSource extends AutoCloseable {
    /** The next line; waits for it. Null at the end, for good. */
    @Nullable
    LogLine next();

    /**
     * The next line if it is there or comes soon; else null, which says nothing about later calls.
     *
     * <p>Only a look ahead asks so: what follows from one access comes within microseconds, and what has not come after a
     * while belongs to something else.
     */
    @Nullable
    LogLine nextSoon();

    /** Where the line last returned stands, such as {@code FILE:LINE}. */
    String place();

    @Override
    void close();
}
