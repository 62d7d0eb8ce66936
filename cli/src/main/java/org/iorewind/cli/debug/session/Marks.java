package org.iorewind.cli.debug.session;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.iorewind.replay.travel.MarkSearch;
import org.iorewind.trace.PlainReason;
import org.iorewind.trace.TraceReader;
import org.jspecify.annotations.Nullable;

/** Names of events: those that the user gave, and the marks of the trace. Not thread-safe. */
public final class Marks {
    private static final int MOST = 1000;
    private static final int AT_ONCE = 1 << 14;

    private final NavigableMap<String, Long> given = new TreeMap<>();

    private @Nullable MarksFile file;

    Marks() {}

    /**
     * Names that are given are kept in a file from now on, and those in it are known.
     *
     * @param path of the file, which need not be there; its folder must be
     */
    public void keepIn(Path path) {
        MarksFile kept = new MarksFile(path);
        kept.load().forEach(given::putIfAbsent);
        file = kept;
    }

    /**
     * A mark of the trace.
     *
     * @param sequence of its event
     * @param text of the mark, uncleaned
     */
    public record TraceMark(long sequence, String text) {}

    /**
     * Names an event; a name that was given before moves.
     *
     * @return why the name is not kept for the next session, empty if it is, or names are not kept at all
     */
    public Optional<String> give(String name, long sequence) {
        given.put(name, sequence);
        try {
            if (file != null) {
                file.save(given);
            }
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of(PlainReason.of(e));
        }
    }

    /** The event with a name that the user gave. */
    public OptionalLong find(String name) {
        Long found = given.get(name);
        return found == null ? OptionalLong.empty() : OptionalLong.of(found);
    }

    /** All that the user gave, by name. */
    public NavigableMap<String, Long> given() {
        return given;
    }

    /** The first thousand marks of the trace, as far as nobody interrupts. */
    static List<TraceMark> of(TraceReader trace, DebugSession session) {
        List<TraceMark> marks = new ArrayList<>();
        try (MarkSearch search = new MarkSearch(trace)) {
            while (marks.size() < MOST && !session.isStopAsked() && search.next(AT_ONCE)) {
                if (search.isMark()) {
                    marks.add(new TraceMark(search.sequence(), search.text()));
                }
            }
        }
        return marks;
    }
}
