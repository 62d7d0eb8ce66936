package org.iorewind.cli.debug.dap;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.eclipse.lsp4j.debug.Variable;
import org.iorewind.cli.debug.state.TreeText;
import org.iorewind.cli.debug.verb.Values;
import org.jspecify.annotations.Nullable;

/** Trees as variables. What was given out counts until the session moves. Not thread-safe. */
final class VariableTrees {
    private static final int MOST_MEMBERS = 2000;
    private static final List<String> KEYS =
            List.of("entry", "device", "domain", "guest", "offset", "address", "number");

    /**
     * A node that has been given a number.
     *
     * @param value of the node, made when it is asked for
     * @param place a place that can be watched, for each name below it; {@code %s} stands for the name
     * @param expression likewise an expression
     */
    record Node(Supplier<Object> value, String place, String expression) {
        /** The name in an expression that was given out for it: some editors name a variable so. */
        String plain(String name) {
            int at = expression.indexOf("%s");
            String before = at < 0 ? "" : expression.substring(0, at);
            String behind = at < 0 ? "" : expression.substring(at + 2);
            boolean isExpression = at >= 0
                    && name.length() > before.length() + behind.length()
                    && name.startsWith(before)
                    && name.endsWith(behind);
            return isExpression ? name.substring(before.length(), name.length() - behind.length()) : name;
        }
    }

    private final List<Node> nodes = new ArrayList<>();

    VariableTrees() {}

    /** Numbers begin anew. */
    void clear() {
        nodes.clear();
    }

    /** A number for a tree. */
    int add(Supplier<Object> value) {
        return add(new Node(value, "", ""));
    }

    int add(Node node) {
        nodes.add(node);
        return nodes.size();
    }

    /** The place that a variable stands for, to be watched; empty if it stands for none. */
    String place(int reference, String name) {
        Node node = node(reference);
        return node == null || node.place().isEmpty() ? "" : node.place().replace("%s", node.plain(name));
    }

    private @Nullable Node node(int reference) {
        return reference < 1 || reference > nodes.size() ? null : nodes.get(reference - 1);
    }

    /** What lies below a number. */
    Variable[] variables(int reference) {
        Node node = node(reference);
        if (node == null) {
            return new Variable[0];
        }
        List<Variable> variables = new ArrayList<>();
        children(node.value().get()).forEach((name, value) -> {
            Variable variable = variable(name, value);
            if (!node.expression().isEmpty() && variable.getVariablesReference() == 0) {
                variable.setEvaluateName(node.expression().replace("%s", name));
            }
            variables.add(variable);
        });
        return variables.toArray(Variable[]::new);
    }

    /** One variable. */
    Variable variable(String name, @Nullable Object value) {
        Variable variable = new Variable();
        variable.setName(name);
        boolean isTree = value instanceof Map<?, ?> || (value instanceof List<?> members && !members.isEmpty());
        variable.setValue(value == null ? "" : isTree ? summary(value) : text(value));
        if (isTree) {
            Object kept = value;
            variable.setVariablesReference(add(() -> kept));
        }
        if (value instanceof String text && text.startsWith("0x")) {
            variable.setMemoryReference(text);
        }
        return variable;
    }

    private static String text(Object value) {
        return value instanceof Long || value instanceof Integer
                ? Values.text(((Number) value).longValue())
                : TreeText.leaf(value);
    }

    private static String summary(Object value) {
        if (value instanceof List<?> members) {
            return members.size() + (members.size() == 1 ? " entry" : " entries");
        }
        List<String> words = new ArrayList<>();
        for (Map.Entry<?, ?> entry : ((Map<?, ?>) value).entrySet()) {
            boolean isLeaf = !(entry.getValue() instanceof Map) && !(entry.getValue() instanceof List);
            if (isLeaf && words.size() < 4) {
                words.add(entry.getKey() + " " + TreeText.leaf(entry.getValue()));
            }
        }
        return String.join(", ", words);
    }

    private static Map<String, @Nullable Object> children(@Nullable Object value) {
        Map<String, @Nullable Object> children = new LinkedHashMap<>();
        if (value instanceof Map<?, ?> tree) {
            tree.forEach((name, each) -> children.put(String.valueOf(name), each));
        } else if (value instanceof List<?> members) {
            for (int i = 0; i < Math.min(MOST_MEMBERS, members.size()); i++) {
                children.put(name(members.get(i), i), members.get(i));
            }
        }
        return children;
    }

    private static String name(@Nullable Object member, int index) {
        String number = "[" + index + "]";
        if (member instanceof Map<?, ?> tree) {
            for (String key : KEYS) {
                Object value = tree.get(key);
                if (value != null) {
                    return number + " " + TreeText.leaf(value);
                }
            }
        }
        return number;
    }
}
