package org.iorewind.cli.debug.session;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.iorewind.replay.travel.MarkSearch;
import org.iorewind.trace.TraceReader;

/** Names of events: those that the user gave, and the marks of the trace. Not thread-safe. */
public final class Marks {
    private static final int MOST = 1000;
    private static final int AT_ONCE = 1 << 14;

    private final NavigableMap<String, Long> given = new TreeMap<>();

    Marks() {}

    /**
     * A mark of the trace.
     *
     * @param sequence of its event
     * @param text of the mark, uncleaned
     */
    public record TraceMark(long sequence, String text) {}

    /** Names an event; a name that was given before moves. */
    public void give(String name, long sequence) {
        given.put(name, sequence);
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
