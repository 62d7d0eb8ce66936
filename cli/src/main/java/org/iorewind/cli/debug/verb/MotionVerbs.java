package org.iorewind.cli.debug.verb;

import java.math.BigDecimal;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import org.iorewind.cli.debug.session.Answer;
import org.iorewind.cli.debug.session.DebugException;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.debug.session.EventKinds;
import org.iorewind.cli.debug.session.Position;
import org.iorewind.cli.debug.session.WordList;
import org.iorewind.replay.travel.MomentTest;
import org.iorewind.replay.travel.ReplayCursor;
import org.iorewind.replay.travel.Stop;
import org.iorewind.trace.EventKind;

/** Verbs that move: by events, by kinds of events, up to what stops, and straight to a place. */
final class MotionVerbs {
    private static final double NS_PER_SECOND = 1e9;

    private MotionVerbs() {}

    static List<Verb> all() {
        return List.of(
                Verb.of("step", "s", "[N]", "Go N events on; 1 without N.", (session, rest) -> step(session, rest, 1)),
                Verb.of("reverse-step", "rs", "[N]", "Go N events back.", (session, rest) -> step(session, rest, -1)),
                Verb.of(
                        "next",
                        "n",
                        "[KIND]",
                        "Go to the next input, or the next event of a kind.",
                        (session, rest) -> next(session, rest, false),
                        "KIND is one of: " + String.join(", ", EventKinds.names()) + ".",
                        "Breakpoints stop it, too."),
                Verb.of(
                        "reverse-next",
                        "rn",
                        "[KIND]",
                        "Go back to the input, or event of a kind, before.",
                        (session, rest) -> next(session, rest, true)),
                Verb.of(
                        "continue",
                        "c",
                        "",
                        "Run to the next breakpoint, or to the end.",
                        (session, rest) -> run(session, rest, false)),
                Verb.of(
                        "reverse-continue",
                        "rc",
                        "",
                        "Run back to the breakpoint before, or to the start.",
                        (session, rest) -> run(session, rest, true)),
                Verb.of(
                        "seek",
                        "",
                        "N | time T | mark NAME | fault N | KIND N | start | end",
                        "Go straight to an event; no breakpoint stops it.",
                        MotionVerbs::seek,
                        "seek 26412          the event with this number",
                        "seek time 9.812     the first event at or behind this second of the session",
                        "seek mark NAME      where mark NAME was given, or the trace's own mark with this text",
                        "seek fault 2        where the second refused request becomes known",
                        "seek dmarequest 10  the tenth event of a kind, named as dump does"));
    }

    private static Answer step(DebugSession session, String rest, int direction) {
        WordList words = WordList.of(rest);
        long count = words.nextCount(1);
        words.end();
        ReplayCursor cursor = session.cursor();
        long from = cursor.sequence();
        if (direction < 0) {
            if (from < 0) {
                return Position.after(session, Stop.START);
            }
            Stop stop = session.move(() -> cursor.seek(Math.max(-1, from - count)));
            boolean isShort = stop == Stop.REACHED && from - count < -1;
            return Position.after(session, isShort ? Stop.START : stop);
        }
        long target = count > Long.MAX_VALUE - 2 - Math.max(0, from) ? Long.MAX_VALUE - 2 : from + count;
        return Position.after(session, session.move(() -> count == 1 ? cursor.step() : cursor.seek(target)));
    }

    private static Answer next(DebugSession session, String rest, boolean isBack) {
        WordList words = WordList.of(rest);
        MomentTest test = EventKinds.test(words.nextOr("input"));
        words.end();
        return Position.after(session, isBack ? session.runBackUntil(test) : session.runUntil(test));
    }

    private static Answer run(DebugSession session, String rest, boolean isBack) {
        WordList.of(rest).end();
        return Position.after(session, isBack ? session.runBackUntil(null) : session.runUntil(null));
    }

    private static Answer seek(DebugSession session, String rest) {
        WordList words = WordList.of(rest);
        String where = words.next("N, time T, mark NAME, fault N, KIND N, start or end")
                .toLowerCase(Locale.ROOT);
        ReplayCursor cursor = session.cursor();
        switch (where) {
            case "start" -> {
                words.end();
                return Position.after(session, session.move(cursor::seekStart));
            }
            case "end" -> {
                words.end();
                return Position.after(session, session.move(cursor::seekEnd));
            }
            case "time" -> {
                long ns = time(words.next("a time in seconds"));
                words.end();
                return reached(session, session.move(() -> cursor.seekTime(ns)), "event at or behind this time");
            }
            case "mark" -> {
                return mark(session, words.rest());
            }
            case "fault" -> {
                long n = words.nextCount(1);
                words.end();
                return reached(session, session.move(() -> cursor.seekFault(n)), "fault " + n);
            }
            default -> {
                if (Character.isDigit(where.charAt(0)) || where.charAt(0) == '-') {
                    long sequence = WordList.number(where);
                    words.end();
                    if (sequence < -1 || sequence > Long.MAX_VALUE - 2) {
                        throw new DebugException("expected the number of an event, found: " + sequence);
                    }
                    return reached(session, session.move(() -> cursor.seek(sequence)), "event " + sequence);
                }
                EventKind kind = EventKinds.kind(where);
                long n = words.nextCount(1);
                words.end();
                return reached(session, session.move(() -> cursor.seekKind(kind, n)), kind.label() + " " + n);
            }
        }
    }

    /** A seek that leads to the end has not found what it was to find. */
    private static Answer reached(DebugSession session, Stop stop, String wanted) {
        Answer answer = new Answer();
        if (stop == Stop.END) {
            answer.line("there is no " + wanted);
        }
        Answer position = Position.after(session, stop);
        position.fields().forEach(answer::field);
        return answer.lines(position.lines());
    }

    private static Answer mark(DebugSession session, String name) {
        if (name.isEmpty()) {
            throw new DebugException("expected the name of a mark, found nothing");
        }
        OptionalLong given = session.marks().find(name);
        Stop stop = session.move(() -> given.isPresent()
                ? session.cursor().seek(given.getAsLong())
                : session.cursor().seekMark(name));
        if (stop == Stop.END && given.isEmpty()) {
            throw new DebugException("no such mark: " + name + "; type marks for all");
        }
        return Position.after(session, stop);
    }

    private static long time(String word) {
        String number = word.endsWith("s") ? word.substring(0, word.length() - 1) : word;
        try {
            double seconds = Double.parseDouble(number);
            if (Double.isFinite(seconds) && seconds >= 0 && seconds < Long.MAX_VALUE / NS_PER_SECOND) {
                return new BigDecimal(number).movePointRight(9).longValue();
            }
        } catch (NumberFormatException e) {
            // said below
        }
        throw new DebugException("expected seconds such as 9.812, found: " + word);
    }
}
