package org.iorewind.analyze.document;

import java.util.Locale;
import org.iorewind.analyze.text.PlainText;

/**
 * Text in GitHub's and GitLab's dialect of Markdown (GFM, a superset of CommonMark), in which nothing acts that a trace may
 * hold: no markup, no HTML, no link, no picture, no mention of a person, no number of an issue. Stateless.
 */
final class MarkdownText {
    /** Longest piece of text that is shown: an issue is read by people, and its size is limited. */
    static final int TEXT_LIMIT = 400;

    private static final String MARKUP = "\\`*_{}[]|~$^";

    private MarkdownText() {}

    /** Prose. Never begins a heading, list, quote or line of a table, wherever it stands. */
    static String prose(String text) {
        String clean = PlainText.clip(text, TEXT_LIMIT).strip();
        StringBuilder safe = new StringBuilder(clean.length() + 16);
        for (int i = 0; i < clean.length(); i++) {
            char c = clean.charAt(i);
            switch (c) {
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '&' -> safe.append("&amp;");
                // A comment splits what trackers would take for a person or an issue; backslashes alone do not.
                case '@', '#', '!' -> safe.append('\\').append(c).append("<!-- -->");
                case ':' -> safe.append(clean.startsWith("//", i + 1) ? "\\:" : ":");
                case '.', ')' -> safe.append(endsName(clean, i) ? "\\" : "").append(c);
                case '-', '+', '=' -> safe.append(i == 0 ? "\\" : "").append(c);
                default -> safe.append(MARKUP.indexOf(c) >= 0 ? "\\" : "").append(c);
            }
        }
        return safe.toString();
    }

    /** After {@code www} a point makes a link; after a number at the beginning and before a blank, a list. */
    private static boolean endsName(String text, int at) {
        String before = text.substring(0, at);
        boolean isNumber = !before.isEmpty() && before.chars().allMatch(c -> c >= '0' && c <= '9');
        boolean isWord = at + 1 == text.length() || text.charAt(at + 1) == ' ';
        return before.toLowerCase(Locale.ROOT).endsWith("www") || isNumber && isWord;
    }

    /**
     * Code in a line.
     *
     * @param inTable whether a {@code |} would end a cell, in code too
     */
    static String code(String text, boolean inTable) {
        String clean = PlainText.clip(text, TEXT_LIMIT).strip();
        if (clean.isEmpty()) {
            return "";
        }
        String fence = fence(clean, 1);
        boolean pad = clean.startsWith("`") || clean.endsWith("`");
        String code = fence + (pad ? " " : "") + clean + (pad ? " " : "") + fence;
        return inTable ? code.replace("|", "\\|") : code;
    }

    /** A command in lines of its own. */
    static String block(String command) {
        String clean = PlainText.clip(command, TEXT_LIMIT * 4);
        String fence = fence(clean, 3);
        return fence + "\n" + clean + "\n" + fence + "\n";
    }

    /** More backticks than stand anywhere in a row in the text, and no fewer than that. */
    private static String fence(String text, int least) {
        int longest = 0;
        int run = 0;
        for (int i = 0; i < text.length(); i++) {
            run = text.charAt(i) == '`' ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return "`".repeat(Math.max(least, longest + 1));
    }
}
