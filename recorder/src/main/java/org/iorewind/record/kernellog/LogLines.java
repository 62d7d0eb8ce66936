package org.iorewind.record.kernellog;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.iorewind.record.text.TextSource;
import org.jspecify.annotations.Nullable;

/** The lines of several files, one after the other, undressed. A carriage return inside a line parts it. Not thread-safe. */
final class LogLines implements AutoCloseable {
    private final Iterator<Path> files;
    private final LineShapes shapes = new LineShapes();
    private final Deque<String> parts = new ArrayDeque<>();
    private @Nullable TextSource source;
    private long lines;
    private long dressed;
    private String raw = "";

    LogLines(List<Path> files) {
        this.files = files.iterator();
    }

    /** The next line, or null at the end of the last file. */
    @Nullable
    KernelLine next() {
        if (parts.isEmpty() && !read()) {
            return null;
        }
        raw = LineCleaner.clean(parts.removeFirst());
        KernelLine line = shapes.parse(raw);
        if (shapes.isDressed()) {
            dressed++;
        }
        return line;
    }

    /** A line inside a line. */
    KernelLine undress(String inner) {
        return shapes.parse(inner);
    }

    /** The line last returned as it was, without what acts on a terminal. */
    String raw() {
        return raw;
    }

    /** {@code FILE:LINE} of the line last returned. */
    String place() {
        return source == null ? "" : source.name() + ":" + source.lineNumber();
    }

    /** Lines read so far. */
    long lines() {
        return lines;
    }

    /** Lines that wore what lines of logs wear. */
    long dressed() {
        return dressed;
    }

    private boolean read() {
        while (true) {
            if (source == null) {
                if (!files.hasNext()) {
                    return false;
                }
                source = TextSource.open(files.next());
            }
            String line = source.nextLine();
            if (line != null) {
                lines++;
                part(line);
                return true;
            }
            if (!files.hasNext()) {
                return false;
            }
            source.close();
            source = null;
        }
    }

    private void part(String line) {
        int from = 0;
        for (int at = line.indexOf('\r'); at >= 0; at = line.indexOf('\r', from)) {
            if (at > from) {
                parts.add(line.substring(from, at));
            }
            from = at + 1;
        }
        if (from < line.length() || parts.isEmpty()) {
            parts.add(line.substring(from));
        }
    }

    @Override
    public void close() {
        if (source != null) {
            source.close();
        }
    }
}
