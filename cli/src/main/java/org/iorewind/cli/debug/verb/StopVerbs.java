package org.iorewind.cli.debug.verb;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.iorewind.cli.debug.session.Answer;
import org.iorewind.cli.debug.session.Breakpoint;
import org.iorewind.cli.debug.session.DebugException;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.debug.session.Position;
import org.iorewind.cli.debug.session.ReadWatch;
import org.iorewind.cli.debug.session.WordList;
import org.iorewind.replay.predicate.StatePredicate;
import org.iorewind.replay.predicate.Watch;

/** Verbs about what stops a run. */
final class StopVerbs {
    static final String PLACES = "register NAME | dte DEV | pte DEV IOVA | irte DEV INDEX | iotlb DEV IOVA | mem ADDR";

    private StopVerbs() {}

    static List<Verb> all() {
        return List.of(
                Verb.of(
                        "break",
                        "b",
                        "CEL",
                        "Stop where a predicate over event and state holds.",
                        StopVerbs::addBreak,
                        "break faults > 2",
                        "break kind == 'DmaRequest' && requester == '00:06.0'",
                        "break !pte('00:06.0', 0x5000).present && iotlb.contains('00:06.0', 0x5000)",
                        "The names: docs/time-travel.md."),
                Verb.of(
                        "watch",
                        "w",
                        "PLACE",
                        "Stop where a place gets another value.",
                        StopVerbs::addWatch,
                        "PLACE is " + PLACES + ", or guest N OFFSET.",
                        "For another IOMMU than the first, put iommu 1 before it."),
                Verb.of(
                        "rwatch",
                        "rw",
                        "PLACE",
                        "Stop where the IOMMU reads a place, or software a register.",
                        StopVerbs::addReadWatch,
                        "PLACE is " + PLACES + ".",
                        "Where an entry lies is settled now. iotlb stops where the cache answers for the page."),
                Verb.of("delete", "d", "[N...]", "Remove breakpoints, all without N.", StopVerbs::delete));
    }

    private static Answer addBreak(DebugSession session, String rest) {
        if (rest.isEmpty()) {
            throw new DebugException("expected a predicate such as faults > 0, found nothing");
        }
        StatePredicate predicate = StatePredicate.compile(rest);
        return added(
                session.breakpoints().add(number -> new Breakpoint(number, Breakpoint.Kind.BREAK, rest, predicate)));
    }

    private static Answer addWatch(DebugSession session, String rest) {
        Watch watch = Watch.parse(rest);
        return added(session.breakpoints().add(number -> new Breakpoint(number, Breakpoint.Kind.WATCH, rest, watch)));
    }

    private static Answer addReadWatch(DebugSession session, String rest) {
        ReadWatch watch = ReadWatch.parse(rest, session.cursor().playback(), session.reads());
        return added(session.breakpoints().add(number -> new Breakpoint(number, Breakpoint.Kind.RWATCH, rest, watch)));
    }

    private static Answer added(Breakpoint made) {
        Answer answer = new Answer();
        Position.tree(made).forEach(answer::field);
        return answer.line(made.toString());
    }

    private static Answer delete(DebugSession session, String rest) {
        WordList words = WordList.of(rest);
        if (!words.hasNext()) {
            session.breakpoints().removeAll();
        }
        while (words.hasNext()) {
            long number = words.nextNumber("the number of a breakpoint");
            boolean isThere = number > 0
                    && number <= Integer.MAX_VALUE
                    && session.breakpoints().remove((int) number);
            if (!isThere) {
                throw new DebugException("no such breakpoint: " + number + "; type info breakpoints for all");
            }
        }
        return list(session);
    }

    static Answer list(DebugSession session) {
        List<Map<String, Object>> all = new ArrayList<>();
        for (Breakpoint each : session.breakpoints().all()) {
            all.add(Position.tree(each));
        }
        return new Answer().table("breakpoints", all, "no breakpoints");
    }
}
