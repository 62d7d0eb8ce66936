package org.iorewind.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Tells when output is lost. A {@link java.io.PrintStream} swallows the first {@link IOException}; below it, this turns
 * it into a {@link BrokenOutputException}, so that a command stops when nobody reads on ({@code iorewind dump | head}) and
 * never reports success for a document that was cut by a full disk.
 */
final class CheckedOutput extends FilterOutputStream {
    CheckedOutput(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) {
        try {
            out.write(b);
        } catch (IOException e) {
            throw new BrokenOutputException(e);
        }
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
        try {
            out.write(bytes, offset, length);
        } catch (IOException e) {
            throw new BrokenOutputException(e);
        }
    }

    @Override
    public void flush() {
        try {
            out.flush();
        } catch (IOException e) {
            throw new BrokenOutputException(e);
        }
    }
}
