package org.iorewind.analyze.report;

/**
 * A piece of advice that may end in a command, which must stay in one piece to be copied.
 *
 * @param words the advice itself
 * @param command what to type, or empty
 */
record Advice(String words, String command) {
    private static final String PROGRAM = "iorewind";
    private static final String MARK = ": " + PROGRAM + " ";

    /** Splits {@code "look at ...: iorewind dump ..."}; other text is all words. */
    static Advice of(String text) {
        int mark = text.indexOf(MARK);
        return mark < 0 ? new Advice(text, "") : new Advice(text.substring(0, mark + 1), text.substring(mark + 2));
    }

    /** The command for a reader who calls the program by this name. */
    String commandOf(String program) {
        return program + command.substring(PROGRAM.length());
    }
}
