package org.iorewind.record.qemulog;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.iorewind.record.text.TextSource;
import org.jspecify.annotations.Nullable;

/** The lines of several files, one after the other, with a bounded look ahead. */
final class LineWindow implements AutoCloseable {
    /** Most lines looked at ahead: a doorbell may run the largest ring once, two lines a command. */
    static final int LOOK_AHEAD = 70_000;

    private final LineParser parser = new LineParser();
    private final Iterator<Path> files;
    private final List<LogLine> ahead = new ArrayList<>();
    private final ArrayDeque<Long> aheadNumbers = new ArrayDeque<>();
    private int aheadStart;
    private @Nullable TextSource source;
    private String place = "";
    private long lines;

    LineWindow(List<Path> files) {
        this.files = files.iterator();
    }

    /** The next line, or null at the end of the last file. */
    @Nullable
    LogLine next() {
        if (aheadStart < ahead.size()) {
            LogLine line = ahead.get(aheadStart++);
            place = sourceName() + ":" + aheadNumbers.removeFirst();
            if (aheadStart == ahead.size()) {
                ahead.clear();
                aheadStart = 0;
            }
            lines++;
            return line;
        }
        LogLine line = read();
        if (line != null) {
            place = sourceName() + ":" + lineNumber();
            lines++;
        }
        return line;
    }

    /** The line {@code distance} places after the current one (0: the next), or null beyond the end or the bound. */
    @Nullable
    LogLine peek(int distance) {
        while (ahead.size() - aheadStart <= distance) {
            if (distance >= LOOK_AHEAD) {
                return null;
            }
            LogLine line = read();
            if (line == null) {
                return null;
            }
            ahead.add(line);
            aheadNumbers.addLast(lineNumber());
        }
        return ahead.get(aheadStart + distance);
    }

    /** {@code FILE:LINE} of the line last returned. */
    String place() {
        return place;
    }

    /** Lines returned so far. */
    long lines() {
        return lines;
    }

    private String sourceName() {
        return source == null ? "" : source.name();
    }

    private long lineNumber() {
        return source == null ? 0 : source.lineNumber();
    }

    private @Nullable LogLine read() {
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
    public void close() {
        if (source != null) {
            source.close();
        }
    }
}
