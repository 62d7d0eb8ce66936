package org.iorewind.cli.debug.verb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.analyze.text.Notation;
import org.iorewind.cli.debug.session.Answer;
import org.iorewind.cli.debug.session.DebugException;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.cli.debug.session.ReadWatch;
import org.iorewind.replay.predicate.PlaceHistory;
import org.iorewind.replay.predicate.PlaceHistory.Interval;
import org.iorewind.replay.predicate.ReadHistory;
import org.iorewind.replay.predicate.Watch;
import org.jspecify.annotations.Nullable;

/** What a place held, and who read it, over the whole trace. */
final class HistoryVerbs {
    private static final String READ = "read ";
    /** So many are told of, around where the user stands. */
    private static final int MOST_TOLD = 200;

    private static final int MOST_LINES = 20;

    private HistoryVerbs() {}

    static Answer when(DebugSession session, String rest) {
        return rest.startsWith(READ)
                ? readers(session, rest.substring(READ.length()).strip())
                : intervals(session, rest);
    }

    private static Answer intervals(DebugSession session, String place) {
        Watch watch = Watch.parse(place);
        PlaceHistory history = session.histories().of(watch);
        Answer answer = begun(session, place, history.isWhole(), PlaceHistory.MOST_CHANGES, "changes");
        if (!history.isWhole()) {
            return answer;
        }
        List<Interval> all = history.intervals();
        int here = history.at(session.sequence());
        List<Map<String, @Nullable Object>> told = new ArrayList<>();
        for (int i = first(here, MOST_TOLD); i < all.size() && told.size() < MOST_TOLD; i++) {
            told.add(tree(all.get(i), watch));
        }
        answer.field("total", all.size()).field("intervals", told);
        int from = first(here, MOST_LINES);
        int to = Math.min(all.size(), from + MOST_LINES);
        skipped(answer, from, "before");
        for (int i = from; i < to; i++) {
            Interval interval = all.get(i);
            answer.line((i == here ? "=> " : "   ") + span(interval) + ": " + watch.meaning(interval.value()));
        }
        skipped(answer, all.size() - to, "behind");
        return answer;
    }

    private static Answer readers(DebugSession session, String place) {
        ReadWatch watch = ReadWatch.parse(
                place, session.cursor().playback(), session.scout().reads());
        ReadHistory history = session.histories().of(watch);
        Answer answer = begun(session, place, history.isWhole(), ReadHistory.MOST_READS, "reads");
        if (!history.isWhole()) {
            return answer;
        }
        long[] all = history.readers();
        int here = 0;
        while (here < all.length && all[here] <= session.sequence()) {
            here++;
        }
        List<Long> told = new ArrayList<>();
        for (int i = first(here, MOST_TOLD); i < all.length && told.size() < MOST_TOLD; i++) {
            told.add(all[i]);
        }
        answer.field("total", all.length).field("readers", told);
        if (all.length == 0) {
            return answer.line("no event reads it");
        }
        int from = first(here, MOST_LINES);
        int to = Math.min(all.length, from + MOST_LINES);
        skipped(answer, from, "before");
        for (int i = from; i < to; i++) {
            answer.line(session.scout().line(all[i]));
        }
        skipped(answer, all.length - to, "behind");
        return answer;
    }

    private static Answer begun(DebugSession session, String place, boolean isWhole, int most, String what) {
        Answer answer = new Answer().field("place", place).field("complete", isWhole);
        if (!isWhole && !session.isStopAsked()) {
            throw new DebugException("expected at most " + Notation.count(most) + " " + what + " of " + place
                    + ", found more; who and last look for the nearest one");
        }
        return isWhole ? answer : answer.line("interrupted");
    }

    private static int first(int here, int most) {
        return Math.max(0, here - most / 2);
    }

    private static void skipped(Answer answer, int count, String where) {
        if (count > 0) {
            answer.line("   … " + Notation.count(count) + " " + where);
        }
    }

    private static String span(Interval interval) {
        return (interval.first() < 0 ? "start" : Notation.sequence(interval.first())) + " to "
                + (interval.last() == Long.MAX_VALUE ? "end" : Notation.sequence(interval.last()));
    }

    private static Map<String, @Nullable Object> tree(Interval interval, Watch watch) {
        Map<String, @Nullable Object> tree = new LinkedHashMap<>();
        tree.put("first", interval.first() < 0 ? null : interval.first());
        tree.put("last", interval.last() == Long.MAX_VALUE ? null : interval.last());
        tree.put("value", watch.meaning(interval.value()));
        return tree;
    }
}
