package org.iorewind.analyze.text;

import org.iorewind.trace.VisibleText;

/**
 * Makes text from a trace harmless before people see it: {@linkplain VisibleText characters that act} become visible ASCII escapes
 * such as {@code \x1b}.
 */
public final class PlainText {
    private PlainText() {}

    /**
     * The same text in one line, with every character that acts instead of showing replaced by its escape.
     *
     * @param text anything, also with unpaired surrogates
     * @return text without control, format, direction, separator and unpaired surrogate characters; the argument itself
     *     if there are none
     */
    public static String clean(String text) {
        int i = 0;
        while (i < text.length() && text.charAt(i) >= ' ' && text.charAt(i) < 0x7f) {
            i++;
        }
        return i == text.length() ? text : escapeFrom(text, i);
    }

    /**
     * {@link #clean(String)}, and no longer than that many characters of the original.
     *
     * @param text anything
     * @param limit characters to keep, at least 0
     * @return the text, or its beginning and a note that says how much is missing
     */
    public static String clip(String text, int limit) {
        if (text.length() <= limit) {
            return clean(text);
        }
        int end = limit > 0 && Character.isHighSurrogate(text.charAt(limit - 1)) ? limit - 1 : limit;
        return clean(text.substring(0, end)) + "... (" + Notation.count(text.length() - end) + " more characters)";
    }

    private static String escapeFrom(String text, int first) {
        StringBuilder clean = new StringBuilder(text.length() + 16).append(text, 0, first);
        int i = first;
        while (i < text.length()) {
            int codePoint = text.codePointAt(i);
            if (!VisibleText.acts(codePoint)) {
                clean.appendCodePoint(codePoint);
            } else if (codePoint <= 0xff) {
                clean.append("\\x");
                Notation.appendHex(clean, codePoint, 2);
            } else {
                clean.append("\\u");
                Notation.appendHex(clean, codePoint, 4);
            }
            i += Character.charCount(codePoint);
        }
        return clean.toString();
    }
}
