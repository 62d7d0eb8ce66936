package org.iorewind.cli.debug.cause;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.iorewind.cli.bisect.Change;
import org.iorewind.cli.debug.session.Answer;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.dump.DumpLine;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.TraceReader;

/** A chain of causes as it grows. Not thread-safe. */
final class Chain {
    private static final String INDENT = "            ";

    private final TraceReader trace;
    private final DriverCalls calls;
    private final DumpLine words = new DumpLine();
    private final List<Link> links = new ArrayList<>();
    private final List<String> unknown = new ArrayList<>();

    Chain(DebugSession session) {
        trace = session.trace();
        calls = new DriverCalls(trace);
    }

    /** An event that changed something. */
    void add(String role, Change change) {
        add(change.sequence(), role, change.before() + " -> " + change.after());
    }

    /** Any event. */
    void add(long sequence, String role, String detail) {
        try (EventCursor cursor = trace.cursor()) {
            cursor.seek(sequence);
            if (cursor.next()) {
                links.add(new Link(sequence, role, words.of(cursor.event()), detail, calls.around(sequence)));
            }
        }
    }

    /** Something that no event of the recording did. */
    void addUnknown(String text) {
        unknown.add(text);
    }

    /** The chain in the order of its events, below a verdict. */
    Answer answer(long subject, String verdict, boolean isCut) {
        Answer answer = new Answer();
        answer.field("subject", subject).field("verdict", verdict);
        answer.line(verdict);
        links.sort(Comparator.comparingLong(Link::sequence));
        List<Map<String, Object>> trees = new ArrayList<>();
        for (Link link : links) {
            trees.add(link.tree());
            answer.line(link.event());
            String detail = link.detail().isEmpty() ? "" : ": " + link.detail();
            String during = link.during().isEmpty() ? "" : ", in " + link.during();
            answer.line(INDENT + link.role() + detail + during);
        }
        answer.field("chain", trees).field("notWritten", List.copyOf(unknown));
        for (String each : unknown) {
            answer.line(INDENT + each);
        }
        if (isCut) {
            answer.line(INDENT + "interrupted: there may be more");
        }
        return answer.field("complete", !isCut);
    }
}
