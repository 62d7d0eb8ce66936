package org.iorewind.cli.debug.session;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.cli.debug.state.TreeText;
import org.jspecify.annotations.Nullable;

/** What a command has to say: the same as lines for people and as names and values for programs. Not thread-safe. */
public final class Answer {
    private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    private final List<String> lines = new ArrayList<>();

    /** Nothing yet. */
    public Answer() {}

    /** A line for people; texts from a trace are cleaned before. */
    public Answer line(String text) {
        lines.add(text);
        return this;
    }

    /** Lines for people. */
    public Answer lines(List<String> texts) {
        lines.addAll(texts);
        return this;
    }

    /** A value for programs: a text, a number, a boolean, a list, a tree, or null. */
    public Answer field(String name, @Nullable Object value) {
        fields.put(name, value);
        return this;
    }

    /** A tree for both. */
    public Answer tree(String name, Map<String, Object> tree) {
        return field(name, tree).lines(TreeText.lines(tree));
    }

    /**
     * A list of trees for both.
     *
     * @param nothing what people are told if it is empty
     */
    public Answer table(String name, List<Map<String, Object>> rows, String nothing) {
        return field(name, rows).lines(rows.isEmpty() ? List.of(nothing) : TreeText.lines(rows));
    }

    /** The lines, in order. */
    public List<String> lines() {
        return Collections.unmodifiableList(lines);
    }

    /** The names and values, in order. */
    public Map<String, @Nullable Object> fields() {
        return Collections.unmodifiableMap(fields);
    }
}
