package org.iorewind.analyze.text;

/** Writes a path so that a POSIX shell reads it back as one word. */
public final class ShellWord {
    private static final String PLAIN = "._-/+=:,@%";

    /** What a POSIX shell, or an interactive one, acts upon there. */
    private static final String ACTS_IN_DOUBLE_QUOTES = "\"$`\\!";

    private ShellWord() {}

    /**
     * The word, quoted if it needs to be.
     *
     * @param word anything; characters that act on a terminal are escaped for the eye, so that a path with such
     *     characters can be read but not pasted
     * @return a word to print in a command
     */
    public static String quote(String word) {
        String clean = PlainText.clean(word);
        boolean plain = !clean.isEmpty();
        for (int i = 0; i < clean.length(); i++) {
            char c = clean.charAt(i);
            plain &= c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || PLAIN.indexOf(c) >= 0;
        }
        if (plain) {
            return clean;
        }
        boolean hasQuote = clean.indexOf('\'') >= 0;
        return hasQuote && isSafeInDoubleQuotes(clean) ? '"' + clean + '"' : "'" + clean.replace("'", "'\\''") + "'";
    }

    /** Filters are full of single quotes; between double ones they can be read. */
    private static boolean isSafeInDoubleQuotes(String word) {
        for (int i = 0; i < word.length(); i++) {
            if (ACTS_IN_DOUBLE_QUOTES.indexOf(word.charAt(i)) >= 0) {
                return false;
            }
        }
        return true;
    }
}
