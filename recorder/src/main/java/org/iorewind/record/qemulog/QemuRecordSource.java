package org.iorewind.record.qemulog;

import org.jspecify.annotations.Nullable;

/** Gives the records of a trace that is not text. Not thread-safe. */
public interface QemuRecordSource extends AutoCloseable {
    /**
     * The next record, or null behind the last one.
     *
     * @throws org.iorewind.trace.TraceException if the source cannot be read
     */
    @Nullable
    QemuRecord next();

    /** Where the record last given stands, as a number. */
    long position();

    /** The same in words, for messages. */
    String place(long position);

    @Override
    void close();
}
