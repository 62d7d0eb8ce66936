package org.iorewind.cli.debug.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** What two states have otherwise: leaf by leaf. */
public final class TreeDifference {
    private static final String NOTHING = "-";

    private TreeDifference() {}

    /**
     * Compares.
     *
     * @param there a state
     * @param here another one
     * @return what differs, by the names that lead to it
     */
    public static List<Map<String, Object>> of(Map<String, Object> there, Map<String, Object> here) {
        Map<String, String> before = flat(there);
        Map<String, String> after = flat(here);
        TreeSet<String> names = new TreeSet<>(before.keySet());
        names.addAll(after.keySet());
        List<Map<String, Object>> differences = new ArrayList<>();
        for (String name : names) {
            String old = before.getOrDefault(name, NOTHING);
            String now = after.getOrDefault(name, NOTHING);
            if (!old.equals(now)) {
                Map<String, Object> difference = new LinkedHashMap<>();
                difference.put("name", name);
                difference.put("there", old);
                difference.put("here", now);
                differences.add(difference);
            }
        }
        return differences;
    }

    private static Map<String, String> flat(Map<String, Object> tree) {
        Map<String, String> leaves = new LinkedHashMap<>();
        tree.forEach((name, value) -> flatten(name, value, leaves));
        return leaves;
    }

    private static void flatten(String path, Object value, Map<String, String> leaves) {
        if (value instanceof Map<?, ?> inner) {
            inner.forEach((name, each) -> flatten(path + "." + name, each, leaves));
        } else if (value instanceof List<?> members && !members.isEmpty() && members.get(0) instanceof Map) {
            for (Object member : members) {
                leaves.put(
                        path + "[" + key((Map<?, ?>) member) + "]",
                        TreeText.leaf(new ArrayList<>(((Map<?, ?>) member).values())));
            }
        } else {
            leaves.put(path, TreeText.leaf(value));
        }
    }

    /** What tells members of a list apart: the names of their first fields. */
    private static String key(Map<?, ?> member) {
        List<String> words = new ArrayList<>();
        for (String name : List.of("domain", "device", "pasid", "address", "guest", "offset")) {
            Object value = member.get(name);
            boolean isKey = value != null
                    && !(name.equals("domain") && member.containsKey("mode"))
                    && !(name.equals("address") && member.containsKey("mode"));
            if (isKey) {
                words.add(String.valueOf(value));
            }
        }
        return String.join(" ", words);
    }
}
