package org.iorewind.analyze.report;

import org.iorewind.analyze.text.PlainText;

/** Breaks text into lines of a width, with a first-line prefix and a hanging indent. */
public final class Paragraph {
    /** Longest text that is shown; a trace's texts may have 64 KiB each. */
    private static final int TEXT_LIMIT = 2_000;

    private Paragraph() {}

    /**
     * The text in lines.
     *
     * @param prefix stands before the first line, such as {@code "  - "}; later lines are indented as deep
     * @param text to break at blanks; cleaned first ({@link PlainText}). A word longer than a line gets a line of its own
     * @param columns width including the prefix
     * @return lines, each ended by a line feed
     */
    public static String of(String prefix, String text, int columns) {
        StringBuilder lines = new StringBuilder();
        StringBuilder line = new StringBuilder(prefix);
        boolean empty = true;
        for (String word : PlainText.clip(text, TEXT_LIMIT).split(" ")) {
            if (!empty && line.length() + 1 + word.length() > columns) {
                lines.append(line).append('\n');
                line.setLength(0);
                line.append(" ".repeat(prefix.length()));
                empty = true;
            }
            if (!empty) {
                line.append(' ');
            }
            line.append(word);
            empty = false;
        }
        return lines.append(line).append('\n').toString();
    }
}
