package org.iorewind.record.kernellog;

/** Takes out of a line what a terminal acts on: escape sequences and control characters. Stateless. */
final class LineCleaner {
    private static final char ESCAPE = '\u001b';
    private static final char BELL = '\u0007';
    private static final char BYTE_ORDER_MARK = '\ufeff';

    private LineCleaner() {}

    /** The line without them; the argument itself if there are none. A tab becomes a blank. */
    static String clean(String line) {
        int i = 0;
        while (i < line.length() && isPlain(line.charAt(i))) {
            i++;
        }
        if (i == line.length()) {
            return line;
        }
        StringBuilder clean = new StringBuilder(line.length()).append(line, 0, i);
        while (i < line.length()) {
            char c = line.charAt(i);
            if (c == ESCAPE) {
                i = afterSequence(line, i + 1);
                continue;
            }
            if (c == '\t') {
                clean.append(' ');
            } else if (isPlain(c)) {
                clean.append(c);
            }
            i++;
        }
        return clean.toString();
    }

    private static boolean isPlain(char c) {
        return c >= ' ' && c != 0x7f && c != BYTE_ORDER_MARK;
    }

    /** Behind the sequence that begins after an escape: ECMA-48 control sequences, operating system commands, others. */
    private static int afterSequence(String line, int at) {
        if (at == line.length()) {
            return at;
        }
        char kind = line.charAt(at);
        if (kind == '[') {
            int i = at + 1;
            while (i < line.length() && line.charAt(i) >= ' ' && line.charAt(i) < '@') {
                i++;
            }
            return Math.min(line.length(), i + 1);
        }
        if (kind == ']') {
            int i = at + 1;
            while (i < line.length() && line.charAt(i) != BELL && line.charAt(i) != ESCAPE) {
                i++;
            }
            return Math.min(line.length(), i + 1);
        }
        return at + 1;
    }
}
