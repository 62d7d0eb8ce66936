package org.iorewind.cli.debug.verb;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iorewind.cli.debug.session.Answer;
import org.iorewind.cli.debug.session.DebugException;
import org.iorewind.cli.debug.session.DebugSession;
import org.iorewind.replay.predicate.FilterException;

/** All commands of the debugger, by name, short form and beginning. */
public final class Verbs {
    private final Map<String, Verb> byName = new LinkedHashMap<>();
    private final Map<String, Verb> byShortForm = new TreeMap<>();

    /** The commands that there are. */
    public Verbs() {
        add(MotionVerbs.all());
        add(StopVerbs.all());
        add(StateVerbs.all());
        add(CauseVerbs.all());
        add(PlaceVerbs.all());
        add(List.of(Verb.of("help", "h", "[VERB]", "List the commands, or say more of one.", this::help)));
    }

    private void add(List<Verb> verbs) {
        for (Verb verb : verbs) {
            byName.put(verb.name(), verb);
            for (String shortForm : verb.shortForms()) {
                byShortForm.put(shortForm, verb);
            }
        }
    }

    /** A command that a front end does itself, so that it is known to {@code help}. */
    public void addOutside(String name, String shortForms, String usage, String purpose, String... details) {
        add(List.of(Verb.of(
                name,
                shortForms,
                usage,
                purpose,
                (session, rest) -> {
                    throw new DebugException("expected " + name + " on a line of its own");
                },
                details)));
    }

    /** Full names, in the order in which help lists them. */
    public Collection<String> names() {
        return Collections.unmodifiableSet(byName.keySet());
    }

    /**
     * The full name of a verb.
     *
     * @param word a name, a short form, or the beginning of just one name
     * @throws DebugException if it is none
     */
    public String name(String word) {
        return find(word).name();
    }

    /**
     * Does a command.
     *
     * @param line verb and what follows
     * @throws DebugException if it cannot be done; the message is for people
     */
    public Answer run(DebugSession session, String line) {
        String plain = line.strip();
        String word = verb(plain);
        Verb verb = find(word);
        session.begin();
        try {
            return verb.action().run(session, plain.substring(word.length()).strip());
        } catch (FilterException e) {
            throw new DebugException(withoutFields(String.valueOf(e.getMessage())));
        } catch (IllegalArgumentException e) {
            throw new DebugException(String.valueOf(e.getMessage()));
        }
    }

    /** The first word of a line; {@code x/4} is {@code x}. */
    public static String verb(String line) {
        int end = 0;
        while (end < line.length() && !Character.isWhitespace(line.charAt(end)) && line.charAt(end) != '/') {
            end++;
        }
        return line.substring(0, end);
    }

    private static String withoutFields(String message) {
        int fields = message.indexOf("\nFields: ");
        return fields < 0 ? message : message.substring(0, fields);
    }

    private Verb find(String word) {
        Verb exact = byName.containsKey(word) ? byName.get(word) : byShortForm.get(word);
        if (exact != null) {
            return exact;
        }
        List<String> begun = new ArrayList<>();
        for (String name : byName.keySet()) {
            if (!word.isEmpty() && name.startsWith(word)) {
                begun.add(name);
            }
        }
        Verb only = begun.size() == 1 ? byName.get(begun.get(0)) : null;
        if (only == null) {
            throw new DebugException(
                    begun.isEmpty()
                            ? "no such command: " + word + "; type help for all"
                            : word + " may be " + String.join(", ", begun) + "; type more of it");
        }
        return only;
    }

    private Answer help(DebugSession session, String rest) {
        Answer answer = new Answer();
        if (!rest.isEmpty()) {
            Verb verb = find(rest);
            answer.field("name", verb.name())
                    .field("shortForms", verb.shortForms())
                    .field("usage", verb.synopsis())
                    .field("purpose", verb.purpose())
                    .field("details", verb.details());
            String others = verb.shortForms().isEmpty() ? "" : "   (" + String.join(", ", verb.shortForms()) + ")";
            return answer.line(verb.synopsis() + others).line(verb.purpose()).lines(verb.details());
        }
        List<Map<String, Object>> all = new ArrayList<>();
        int width = byName.values().stream()
                .mapToInt(each -> each.synopsis().length())
                .max()
                .orElse(0);
        for (Verb verb : byName.values()) {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("usage", verb.synopsis());
            tree.put("shortForms", verb.shortForms());
            tree.put("purpose", verb.purpose());
            all.add(tree);
            String others = String.join(" ", verb.shortForms());
            answer.line("  " + pad(verb.synopsis(), width) + "  " + pad(others, 5) + "  " + verb.purpose());
        }
        answer.line("A command may be cut short where its beginning is its own. help VERB says more.");
        return answer.field("verbs", all);
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
