package org.iorewind.cli.debug.verb;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.analyze.text.Notation;
import org.iorewind.analyze.text.PlainText;
import org.iorewind.cli.debug.session.Answer;
import org.iorewind.cli.debug.state.TreeText;

/** Values of expressions: what becomes of them as text, JSON and variables. */
public final class Values {
    private static final int LIMIT = 4000;
    private static final long SMALL = 10;

    private Values() {}

    /** A value as an answer. */
    static Answer answer(Object value) {
        Answer answer = new Answer().field("value", plain(value));
        if (value instanceof Map<?, ?> || value instanceof List<?>) {
            Object plain = plain(value);
            return answer.lines(
                    plain instanceof Map<?, ?> tree ? TreeText.lines(named(tree)) : TreeText.lines((List<?>) plain));
        }
        if (value instanceof Long number) {
            answer.field("hex", Notation.hex(number));
        }
        return answer.line(text(value));
    }

    /** A leaf as text; numbers also in hexadecimal. */
    public static String text(Object value) {
        if (value instanceof Long number) {
            boolean isSmall = number >= 0 && number < SMALL;
            return isSmall ? number.toString() : number + " (" + Notation.hex(number) + ")";
        }
        return value instanceof String text ? PlainText.clip(text, LIMIT) : String.valueOf(value);
    }

    /** The same with numbers, texts, booleans, lists and trees only. */
    public static Object plain(Object value) {
        if (value instanceof Map<?, ?> map) {
            Map<String, Object> tree = new LinkedHashMap<>();
            map.forEach((name, each) -> tree.put(String.valueOf(name), plain(each)));
            return tree;
        }
        if (value instanceof List<?> list) {
            List<Object> members = new ArrayList<>();
            list.forEach(each -> members.add(plain(each)));
            return members;
        }
        boolean isPlain = value instanceof Number || value instanceof Boolean || value instanceof String;
        return isPlain ? value : String.valueOf(value);
    }

    private static Map<String, Object> named(Map<?, ?> tree) {
        Map<String, Object> named = new LinkedHashMap<>();
        tree.forEach((name, value) -> named.put(String.valueOf(name), value instanceof Long ? text(value) : value));
        return named;
    }
}
