package org.iorewind.cli.debug.session;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.cli.dump.DumpLine;
import org.iorewind.replay.RingEntryNames;
import org.iorewind.replay.travel.Effects;
import org.iorewind.replay.travel.Stop;
import org.iorewind.trace.EventView;

/** Says where a session stands. */
public final class Position {
    private static final String INDENT = "            ";

    private Position() {}

    /** Where it stands, and why it stopped there. */
    public static Answer after(DebugSession session, Stop stop) {
        Answer answer = new Answer();
        answer.field("stop", stop.name().toLowerCase(Locale.ROOT));
        List<Map<String, Object>> hits = new ArrayList<>();
        for (Breakpoint hit : session.breakpoints().hits()) {
            answer.line(hit.toString());
            Map<String, Object> tree = tree(hit);
            if (!hit.before().isEmpty()) {
                answer.line("   " + hit.before() + " -> " + hit.after());
                tree.put("before", hit.before());
                tree.put("after", hit.after());
            }
            hits.add(tree);
        }
        answer.field("breakpoints", hits);
        add(session, answer);
        switch (stop) {
            case END -> answer.line(INDENT + "the last event: there is nothing behind it");
            case INTERRUPTED -> answer.line(INDENT + "interrupted");
            case REACHED, START -> {}
        }
        return answer;
    }

    /** Where it stands. */
    public static void add(DebugSession session, Answer answer) {
        EventView event = session.event();
        answer.field("sequence", session.sequence());
        if (event == null) {
            answer.line("before the first event of "
                    + PlainText.clean(session.trace().path().toString()));
            return;
        }
        String line = new DumpLine().of(event);
        answer.field("timeNs", event.timeNs());
        answer.field("kind", DumpLine.kind(event));
        answer.field("event", line.strip());
        answer.line(line);
        Map<String, Object> effects = effects(session.cursor().effects());
        answer.field("effects", effects);
        if (!effects.isEmpty()) {
            StringBuilder words = new StringBuilder();
            effects.forEach((name, value) -> words.append(words.isEmpty() ? "" : ", ")
                    .append(name)
                    .append(' ')
                    .append(value));
            answer.line(INDENT + words);
        }
        answer.field("faults", session.cursor().playback().faults());
        answer.field("divergences", session.cursor().playback().divergences());
    }

    /** A breakpoint as a tree. */
    public static Map<String, Object> tree(Breakpoint breakpoint) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("number", breakpoint.number());
        tree.put("kind", breakpoint.kind().label());
        tree.put("what", breakpoint.what());
        return tree;
    }

    /** What an event did, as far as it did anything, by the names that predicates have for it. */
    public static Map<String, Object> effects(Effects effects) {
        Map<String, Object> tree = new LinkedHashMap<>();
        put(tree, "commands", effects.commands());
        if (effects.commands() > 0) {
            tree.put("command", RingEntryNames.command(effects.lastOpcode()));
        }
        put(tree, "guestCommands", effects.guestCommands());
        put(tree, "translations", effects.translations());
        if (effects.translations() > 0) {
            tree.put("decision", effects.decision());
        }
        put(tree, "refused", effects.refused());
        put(tree, "cacheHits", effects.cacheHits());
        put(tree, "walkSteps", effects.walkSteps());
        put(tree, "invalidations", effects.invalidations());
        put(tree, "pagesDropped", effects.pagesDropped());
        put(tree, "logEntries", effects.logEntries());
        put(tree, "logEntriesLost", effects.logEntriesLost());
        put(tree, "completionStores", effects.completionStores());
        put(tree, "interrupts", effects.interrupts());
        return tree;
    }

    private static void put(Map<String, Object> tree, String name, long count) {
        if (count != 0) {
            tree.put(name, count);
        }
    }
}
