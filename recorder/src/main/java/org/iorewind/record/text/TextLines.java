package org.iorewind.record.text;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The lines of several files, one file after the other: a recording cut in pieces. Not thread-safe. */
public final class TextLines implements AutoCloseable {
    private final Iterator<Path> files;
    private @Nullable TextSource source;
    private long lines;

    /**
     * The lines of these files.
     *
     * @param files in order; each is opened when its turn comes
     */
    public TextLines(List<Path> files) {
        this.files = files.iterator();
    }

    /**
     * The next line without its end, or null behind the last one.
     *
     * @throws org.iorewind.trace.TraceFormatException if a file is missing, empty or damaged
     * @throws org.iorewind.trace.TraceStoreException if a file cannot be read
     */
    public @Nullable String next() {
        while (true) {
            if (source == null) {
                if (!files.hasNext()) {
                    return null;
                }
                source = TextSource.open(files.next());
            }
            String line = source.nextLine();
            if (line != null) {
                lines++;
                return line;
            }
            if (!files.hasNext()) {
                return null;
            }
            source.close();
            source = null;
        }
    }

    /** {@code FILE:LINE} of the line last returned. */
    public String place() {
        return source == null ? "" : source.name() + ":" + source.lineNumber();
    }

    /** Lines returned so far. */
    public long lines() {
        return lines;
    }

    @Override
    public void close() {
        if (source != null) {
            source.close();
        }
    }
}
