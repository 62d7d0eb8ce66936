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

    /** Where the line last returned stands, as a number; what it means only {@link #place} knows. Asked for each line. */
    long position();

    /** The same in words, such as {@code FILE:LINE}, for a message about a line that was returned some time ago. */
    String place(long position);

    @Override
    void close();
}
