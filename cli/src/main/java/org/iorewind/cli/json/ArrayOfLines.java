package org.iorewind.cli.json;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Turns JSON Lines into the elements of a JSON array: a line feed never stands inside a value, so it ends one. */
final class ArrayOfLines extends FilterOutputStream {
    private static final byte[] FIRST = {'\n', ' ', ' '};
    private static final byte[] LATER = {',', '\n', ' ', ' '};

    private boolean atLineStart = true;
    private boolean empty = true;

    ArrayOfLines(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        if (b == '\n') {
            atLineStart = true;
            return;
        }
        begin();
        out.write(b);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        int end = offset + length;
        for (int i = offset; i < end; i++) {
            if (bytes[i] == '\n') {
                part(bytes, from, i);
                atLineStart = true;
                from = i + 1;
            }
        }
        part(bytes, from, end);
    }

    private void part(byte[] bytes, int from, int to) throws IOException {
        if (to > from) {
            begin();
            out.write(bytes, from, to - from);
        }
    }

    private void begin() throws IOException {
        if (atLineStart) {
            out.write(empty ? FIRST : LATER);
            empty = false;
            atLineStart = false;
        }
    }
}
