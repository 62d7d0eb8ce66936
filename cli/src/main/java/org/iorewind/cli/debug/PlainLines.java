package org.iorewind.cli.debug;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import org.jspecify.annotations.Nullable;

/** Lines of a file or a pipe, up to a length that no command has. */
public final class PlainLines implements LineSource {
    private static final int MOST_CHARACTERS = 1 << 16;

    private final BufferedReader reader;

    /** Reads a stream, which {@link #close} closes. */
    public PlainLines(InputStream in) {
        reader = new BufferedReader(new InputStreamReader(in, UTF_8));
    }

    @Override
    public @Nullable String next() throws IOException {
        StringBuilder line = new StringBuilder();
        int character = reader.read();
        if (character < 0) {
            return null;
        }
        while (character >= 0 && character != '\n') {
            if (line.length() == MOST_CHARACTERS) {
                throw new IOException("a line of more than " + MOST_CHARACTERS + " characters: expected a command");
            }
            line.append((char) character);
            character = reader.read();
        }
        return line.toString();
    }

    @Override
    public boolean isInteractive() {
        return false;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
