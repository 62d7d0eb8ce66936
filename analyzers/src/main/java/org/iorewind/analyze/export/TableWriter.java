package org.iorewind.analyze.export;

import java.io.Closeable;
import java.io.IOException;

/** Takes the cells of a table, row after row, each row from left to right. One thread. */
public interface TableWriter extends Closeable {
    /** A value of a column of numbers, signed or not. */
    void number(long value) throws IOException;

    /** A value of a column of text. */
    void text(String value) throws IOException;

    /** A value of a column of bytes. */
    void bytes(byte[] value) throws IOException;

    /** A value that is missing. */
    void none() throws IOException;

    /**
     * The row is whole.
     *
     * @throws IllegalStateException if it has not as many cells as there are columns
     */
    void endRow() throws IOException;

    /** The table is whole. Does not close what lies below. */
    @Override
    void close() throws IOException;
}
