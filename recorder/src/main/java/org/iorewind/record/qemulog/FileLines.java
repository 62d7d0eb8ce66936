package org.iorewind.record.qemulog;

import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import org.iorewind.record.text.TextSource;
import org.jspecify.annotations.Nullable;

/** The lines of several files, one after the other. */
final class FileLines implements LineSource {
    private final LineParser parser = new LineParser();
    private final Iterator<Path> files;
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
    public String place() {
        return source == null ? "" : source.name() + ":" + source.lineNumber();
    }

    @Override
    public void close() {
        if (source != null) {
            source.close();
        }
    }
}
