package org.iorewind.cli.debug.state;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.iorewind.analyze.text.PlainText;
import org.jspecify.annotations.Nullable;

/** Sets a tree as text: lists of like things as tables, all else as a name and its value. */
public final class TreeText {
    private static final int CELL_LIMIT = 200;
    private static final String GAP = "  ";

    private TreeText() {}

    /** Lines for a tree. */
    public static List<String> lines(Map<String, ?> tree) {
        List<String> lines = new ArrayList<>();
        add(tree, "", lines);
        return lines;
    }

    /** Lines for a list: a table if its members are trees. */
    public static List<String> lines(List<?> members) {
        List<String> lines = new ArrayList<>();
        add(members, "", lines);
        return lines;
    }

    /** A leaf, or a list of leaves, on one line. */
    public static String leaf(@Nullable Object value) {
        if (value instanceof List<?> members) {
            List<String> words = new ArrayList<>();
            for (Object member : members) {
                words.add(leaf(member));
            }
            return words.isEmpty() ? "-" : String.join(", ", words);
        }
        if (value instanceof Boolean answer) {
            return answer ? "yes" : "no";
        }
        return PlainText.clip(String.valueOf(value), CELL_LIMIT);
    }

    private static void add(Map<String, ?> tree, String indent, List<String> lines) {
        int width = 0;
        for (String name : tree.keySet()) {
            width = Math.max(width, name.length());
        }
        for (Map.Entry<String, ?> entry : tree.entrySet()) {
            Object value = entry.getValue();
            String name = PlainText.clip(entry.getKey(), CELL_LIMIT);
            if (value instanceof Map<?, ?> inner) {
                lines.add(indent + name);
                add(named(inner), indent + GAP, lines);
            } else if (value instanceof List<?> members && isOfTrees(members)) {
                lines.add(indent + name);
                add(members, indent + GAP, lines);
            } else {
                lines.add(indent + pad(name, width) + GAP + leaf(value));
            }
        }
    }

    private static void add(List<?> members, String indent, List<String> lines) {
        if (!isOfTrees(members)) {
            for (Object member : members) {
                lines.add(indent + leaf(member));
            }
            return;
        }
        List<List<String>> rows = new ArrayList<>();
        rows.add(new ArrayList<>(named((Map<?, ?>) members.get(0)).keySet()));
        for (Object member : members) {
            List<String> row = new ArrayList<>();
            for (Object value : ((Map<?, ?>) member).values()) {
                row.add(leaf(value));
            }
            rows.add(row);
        }
        int columns = rows.get(0).size();
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int i = 0; i < Math.min(columns, row.size()); i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder(indent);
            for (int i = 0; i < row.size(); i++) {
                line.append(i == 0 ? "" : GAP);
                line.append(i < columns ? pad(row.get(i), widths[i]) : row.get(i));
            }
            lines.add(line.toString().stripTrailing());
        }
    }

    private static boolean isOfTrees(List<?> members) {
        return !members.isEmpty() && members.get(0) instanceof Map;
    }

    private static Map<String, Object> named(Map<?, ?> tree) {
        Map<String, Object> named = new java.util.LinkedHashMap<>();
        tree.forEach((name, value) -> named.put(String.valueOf(name), value == null ? "" : value));
        return named;
    }

    private static String pad(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }
}
