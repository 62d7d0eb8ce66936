package org.iorewind.analyze.report;

/**
 * How text is set on a terminal.
 *
 * @param colour whether ANSI colours are written
 * @param columns width for wrapped text, at least 40
 */
public record TextStyle(boolean colour, int columns) {
    /** No colours, 100 columns: for files, pipes and tests. */
    public static final TextStyle PLAIN = new TextStyle(false, 100);

    private static final int NARROWEST = 40;

    /** Keeps the width usable. */
    public TextStyle {
        columns = Math.max(NARROWEST, columns);
    }

    /** A heading. */
    public String strong(String text) {
        return wrap("1", text);
    }

    /** Something bad: a fault, damage. */
    public String bad(String text) {
        return wrap("1;31", text);
    }

    /** Something odd: a divergence, a gap, a limit. */
    public String odd(String text) {
        return wrap("33", text);
    }

    /** All well. */
    public String good(String text) {
        return wrap("32", text);
    }

    /** A command the reader can type. */
    public String command(String text) {
        return wrap("36", text);
    }

    /** Something secondary. */
    public String faint(String text) {
        return wrap("2", text);
    }

    private String wrap(String code, String text) {
        return colour ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }
}
