package org.iorewind.cli.debug.verb;

import java.util.List;
import java.util.OptionalLong;
import org.iorewind.cli.bisect.Change;
import org.iorewind.cli.debug.cause.Causes;
import org.iorewind.cli.debug.session.Answer;
import org.iorewind.cli.debug.session.DebugException;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.debug.session.ReadWatch;
import org.iorewind.cli.debug.session.Scout;
import org.iorewind.replay.predicate.ReadHistory;
import org.iorewind.replay.predicate.Watch;

/** Verbs that look elsewhere for the answer, and stay where they are. */
final class CauseVerbs {
    private static final String WROTE = "wrote";
    private static final String READS = "reads";

    private CauseVerbs() {}

    static List<Verb> all() {
        return List.of(
                Verb.of(
                        "why",
                        "",
                        "",
                        "Why the event under the cursor came out as it did.",
                        CauseVerbs::why,
                        "For a request: who wrote the entries on its way, and, if it was refused or stale, who mapped the"
                                + " address, who took it away, and which command invalidated it.",
                        "For what was observed: the input that it belongs to. For a store: its first use."),
                Verb.of(
                        "who",
                        "",
                        "wrote PLACE | reads PLACE",
                        "Which event wrote a place last, or reads it next.",
                        CauseVerbs::who,
                        "PLACE is " + StopVerbs.PLACES + ".",
                        "The event under the cursor may be the one that wrote; one that reads is behind it."),
                Verb.of("last", "", "PLACE", "The same as who wrote.", CauseVerbs::wrote),
                Verb.of(
                        "when",
                        "",
                        "PLACE | read PLACE",
                        "What a place held from when to when, or which events read it.",
                        HistoryVerbs::when,
                        "The whole trace is replayed once for it. The answer is kept in TRACE.history, and who, last and why"
                                + " use it from then on.",
                        "For read, where an entry lies is settled now."));
    }

    private static Answer why(DebugSession session, String rest) {
        if (!rest.isEmpty()) {
            throw new DebugException("expected nothing behind why, found: " + rest);
        }
        return Causes.of(session);
    }

    private static Answer who(DebugSession session, String rest) {
        int end = rest.indexOf(' ');
        String question = end < 0 ? rest : rest.substring(0, end);
        String place = end < 0 ? "" : rest.substring(end).strip();
        return switch (question) {
            case WROTE -> wrote(session, place);
            case READS -> reads(session, place);
            default -> throw new DebugException("expected who wrote PLACE or who reads PLACE, found: who " + rest);
        };
    }

    private static Answer wrote(DebugSession session, String place) {
        Watch watch = Watch.parse(place);
        Change change =
                session.scout().lastChanges(session.sequence(), List.of(watch)).get(0);
        Answer answer = new Answer().field("place", place);
        if (change == null) {
            return notFound(session, answer, "no event up to here wrote it");
        }
        return answer.field("found", true)
                .field("writer", change.sequence())
                .field("writerEvent", change.line().strip())
                .field("before", change.before())
                .field("after", change.after())
                .line(change.line())
                .line("            " + change.before() + " -> " + change.after());
    }

    private static Answer reads(DebugSession session, String place) {
        Scout scout = session.scout();
        ReadWatch watch = ReadWatch.parse(place, session.cursor().playback(), scout.reads());
        Answer answer = new Answer().field("place", place);
        OptionalLong reader = reader(session, watch);
        if (reader.isEmpty()) {
            return notFound(session, answer, "no event behind this one reads it");
        }
        String line = scout.line(reader.getAsLong());
        return answer.field("found", true)
                .field("reader", reader.getAsLong())
                .field("readerEvent", line.strip())
                .line(line);
    }

    /** From what is known of the whole trace, or else by going there. */
    private static OptionalLong reader(DebugSession session, ReadWatch watch) {
        ReadHistory history = session.histories().find(watch);
        if (history != null) {
            return history.next(session.sequence());
        }
        Scout scout = session.scout();
        boolean isFound = scout.seek(session.sequence()) && scout.runUntil(watch);
        return isFound ? OptionalLong.of(scout.cursor().sequence()) : OptionalLong.empty();
    }

    private static Answer notFound(DebugSession session, Answer answer, String text) {
        boolean isCut = session.isStopAsked();
        return answer.field("found", false).field("complete", !isCut).line(isCut ? "interrupted" : text);
    }
}
