package org.iorewind.cli.debug.verb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.iorewind.cli.debug.session.Answer;
import org.iorewind.cli.debug.session.DebugException;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.debug.session.Marks;
import org.iorewind.cli.debug.session.WordList;
import org.iorewind.cli.dump.DumpLine;
import org.iorewind.trace.EventCursor;

/** Verbs about places in the trace: the events around, and names of events. */
final class PlaceVerbs {
    private static final long AROUND = 5;
    private static final long MOST_AROUND = 1000;

    private PlaceVerbs() {}

    static List<Verb> all() {
        return List.of(
                Verb.of(
                        "list",
                        "l",
                        "[N]",
                        "Show the events around the cursor, N on each side; 5 without N.",
                        PlaceVerbs::list),
                Verb.of("mark", "", "NAME", "Name the event under the cursor, for seek mark NAME.", PlaceVerbs::mark),
                Verb.of(
                        "marks",
                        "",
                        "",
                        "List the names given here, and the marks of the trace.",
                        (session, rest) -> marks(session)));
    }

    private static Answer list(DebugSession session, String rest) {
        WordList words = WordList.of(rest);
        long around = Math.min(MOST_AROUND, words.nextCount(AROUND));
        words.end();
        long here = session.sequence();
        DumpLine line = new DumpLine();
        List<Map<String, Object>> events = new ArrayList<>();
        Answer answer = new Answer().field("sequence", here);
        try (EventCursor cursor = session.trace().cursor()) {
            cursor.seek(Math.max(0, here - around));
            while (cursor.next() && cursor.event().sequence() <= here + around) {
                long sequence = cursor.event().sequence();
                String text = line.of(cursor.event());
                Map<String, Object> tree = new LinkedHashMap<>();
                tree.put("sequence", sequence);
                tree.put("event", text.strip());
                events.add(tree);
                answer.line((sequence == here ? "=>" : "  ") + text);
            }
        }
        return answer.field("events", events);
    }

    private static Answer mark(DebugSession session, String name) {
        if (name.isEmpty()) {
            throw new DebugException("expected a name, found nothing");
        }
        Optional<String> notKept = session.marks().give(name, session.sequence());
        Answer answer = new Answer()
                .field("mark", name)
                .field("sequence", session.sequence())
                .line("event " + session.sequence() + " is " + name);
        notKept.ifPresent(reason -> answer.line("the next session will not know it: " + reason));
        return answer;
    }

    static Answer marks(DebugSession session) {
        List<Map<String, Object>> given = new ArrayList<>();
        session.marks().given().forEach((name, sequence) -> given.add(tree(sequence, name)));
        List<Map<String, Object>> recorded = new ArrayList<>();
        for (Marks.TraceMark mark : session.traceMarks()) {
            recorded.add(tree(mark.sequence(), mark.text()));
        }
        return new Answer()
                .table("marks", given, "no names were given here")
                .table("traceMarks", recorded, "the trace has no marks");
    }

    private static Map<String, Object> tree(long sequence, String name) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("sequence", sequence);
        tree.put("name", name);
        return tree;
    }
}
