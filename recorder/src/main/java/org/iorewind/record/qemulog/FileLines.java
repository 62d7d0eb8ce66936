package org.iorewind.record.qemulog;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.iorewind.record.text.TextSource;
import org.jspecify.annotations.Nullable;

/** The lines of several files, one after the other. */
final class FileLines implements LineSource {
    /** A position is the file's number and, in so many bits behind it, that of the line. */
    private static final int LINE_BITS = 40;

    private final LineParser parser = new LineParser();
    private final Iterator<Path> files;
    private final List<String> names = new ArrayList<>();
    private @Nullable TextSource source;

    FileLines(List<Path> files) {
        this.files = files.iterator();
    }

    @Override
    public @Nullable LogLine next() {
        while (true) {
            if (source == null) {
                if (!files.hasNext()) {
                    return null;
                }
                source = TextSource.open(files.next());
                names.add(source.name());
            }
            String text = source.nextLine();
            if (text != null) {
                return parser.parse(text);
            }
            if (!files.hasNext()) {
                return null;
            }
            source.close();
            source = null;
        }
    }

    @Override
    public @Nullable LogLine nextSoon() {
        return next();
    }

    @Override
    public long position() {
        return source == null ? 0 : names.size() - 1L << LINE_BITS | source.lineNumber();
    }

    @Override
    public String place(long position) {
        return names.get((int) (position >>> LINE_BITS)) + ":" + (position & (1L << LINE_BITS) - 1);
    }

    @Override
    public void close() {
        if (source != null) {
            source.close();
        }
    }
}
