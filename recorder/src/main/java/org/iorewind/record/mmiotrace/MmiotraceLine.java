package org.iorewind.record.mmiotrace;

import org.iorewind.record.text.Digits;
import org.jspecify.annotations.Nullable;

/**
 * One line.
 *
 * @param keyword its first word
 * @param timeNs since boot; 0 if the line has no time
 * @param address physical, of an access or a map
 * @param size of the access or map, bytes
 * @param value of an access
 * @param text of a mark
 */
record MmiotraceLine(Keyword keyword, long timeNs, long address, long size, long value, String text) {
    private static final int FRACTION_DIGITS = 6;
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long NS_PER_MICROSECOND = 1_000L;

    /** What the line is. */
    enum Keyword {
        VERSION,
        PCIDEV,
        LSPCI,
        MAP,
        UNMAP,
        R,
        W,
        UNKNOWN,
        MARK,
        /** A comment or an empty line. */
        NOTHING
    }

    /** The line, or null if it cannot be understood. */
    static @Nullable MmiotraceLine parse(String text) {
        if (text.isBlank() || text.startsWith("#")) {
            return simple(Keyword.NOTHING, "");
        }
        String[] words = text.stripTrailing().split(" ", -1);
        try {
            return switch (words[0]) {
                case "VERSION" -> words.length == 2 ? simple(Keyword.VERSION, words[1]) : null;
                case "PCIDEV" -> simple(Keyword.PCIDEV, text);
                case "LSPCI" -> simple(Keyword.LSPCI, text);
                case "MAP" -> words.length == 8 ? map(words) : null;
                case "UNMAP" ->
                    words.length == 5 ? new MmiotraceLine(Keyword.UNMAP, time(words[1]), 0, 0, 0, "") : null;
                case "R" -> words.length == 8 ? access(Keyword.R, words) : null;
                case "W" -> words.length == 8 ? access(Keyword.W, words) : null;
                case "UNKNOWN" -> words.length == 7 ? unknown(words) : null;
                case "MARK" -> words.length >= 3 ? mark(text, words[1]) : null;
                default -> null;
            };
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private static MmiotraceLine simple(Keyword keyword, String text) {
        return new MmiotraceLine(keyword, 0, 0, 0, 0, text);
    }

    private static MmiotraceLine map(String[] words) {
        long length = Digits.prefixedHex(words[5]);
        return new MmiotraceLine(
                Keyword.MAP, time(words[1]), Digits.prefixedHex(words[3]), length, Digits.prefixedHex(words[4]), "");
    }

    private static MmiotraceLine access(Keyword keyword, String[] words) {
        return new MmiotraceLine(
                keyword,
                time(words[2]),
                Digits.prefixedHex(words[4]),
                Digits.decimal(words[1]),
                Digits.prefixedHex(words[5]),
                "");
    }

    private static MmiotraceLine unknown(String[] words) {
        return new MmiotraceLine(
                Keyword.UNKNOWN, time(words[1]), Digits.prefixedHex(words[3]), 1, 0, "opcode " + words[4]);
    }

    private static MmiotraceLine mark(String text, String time) {
        int start = text.indexOf(time, "MARK ".length()) + time.length() + 1;
        return new MmiotraceLine(Keyword.MARK, time(time), 0, 0, 0, text.substring(start));
    }

    private static long time(String word) {
        int dot = word.indexOf('.');
        if (dot < 0 || word.length() - dot - 1 != FRACTION_DIGITS) {
            throw new NumberFormatException("not seconds with six digits behind the dot");
        }
        return Digits.decimal(word.substring(0, dot)) * NS_PER_SECOND
                + Digits.decimal(word.substring(dot + 1)) * NS_PER_MICROSECOND;
    }
}
