package org.iorewind.record.kernellog;

import java.util.ArrayList;
import java.util.List;

/**
 * A line that the kernel prints, as a form: {@code %x} stands for a hexadecimal number with or without {@code 0x}, {@code %d}
 * for a decimal one, {@code %s} for any text, also none. Runs of blanks count as one blank. Matching takes time linear in
 * the text.
 */
final class NoticeFormat {
    private record Part(String literal, char conversion) {}

    private final List<Part> parts = new ArrayList<>();
    private final String tail;

    NoticeFormat(String format) {
        int from = 0;
        for (int at = format.indexOf('%'); at >= 0; at = format.indexOf('%', from)) {
            parts.add(new Part(format.substring(from, at), format.charAt(at + 1)));
            from = at + 2;
        }
        tail = format.substring(from);
    }

    /** Whether the whole text has this form. */
    boolean fits(String text) {
        int at = 0;
        for (int p = 0; p < parts.size(); p++) {
            Part part = parts.get(p);
            if (!text.startsWith(part.literal, at)) {
                return false;
            }
            at += part.literal.length();
            String next = p + 1 < parts.size() ? parts.get(p + 1).literal : tail;
            int end;
            if (part.conversion == 's') {
                end = next.isEmpty() ? text.length() : lastOrNext(text, next, at, p + 1 == parts.size());
            } else {
                end = number(text, at, part.conversion == 'x');
            }
            if (end < 0) {
                return false;
            }
            at = end;
        }
        return at + tail.length() == text.length() && text.startsWith(tail, at);
    }

    /** Text in front of the form's end may hold that end itself, as a name may hold a colon. */
    private static int lastOrNext(String text, String next, int at, boolean isLast) {
        if (isLast) {
            int end = text.length() - next.length();
            return end >= at && text.endsWith(next) ? end : -1;
        }
        return text.indexOf(next, at);
    }

    private static int number(String text, int from, boolean isHex) {
        int at = isHex && text.startsWith("0x", from) ? from + 2 : from;
        int first = at;
        while (at < text.length() && isDigit(text.charAt(at), isHex)) {
            at++;
        }
        return at == first ? -1 : at;
    }

    private static boolean isDigit(char c, boolean isHex) {
        return c >= '0' && c <= '9' || isHex && (c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F');
    }

    /** The text with every run of blanks as one. */
    static String squeeze(String text) {
        if (!text.contains("  ")) {
            return text;
        }
        StringBuilder out = new StringBuilder(text.length());
        boolean blank = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != ' ' || !blank) {
                out.append(c);
            }
            blank = c == ' ';
        }
        return out.toString();
    }
}
