package org.iorewind.record.qemulog;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.iorewind.record.text.Digits;

/**
 * A printf-like format, read backwards: takes the numbers out of a text that was printed with it. Conversions: {@code %x}
 * hexadecimal, {@code %d} decimal, both up to 64 bits unsigned; {@code %s} text up to the literal that follows. Trailing
 * blanks do not matter.
 */
final class PrintedFormat {
    /** Most numbers in one format. */
    static final int MAX_VALUES = 8;

    private static final byte[] DIGITS = new byte[1 << Byte.SIZE];

    static {
        Arrays.fill(DIGITS, (byte) -1);
        for (char c = '0'; c <= 'f'; c++) {
            DIGITS[c] = (byte) Digits.valueOf(c, 16);
        }
    }

    private record Part(String literal, char conversion) {}

    private final List<Part> parts = new ArrayList<>();
    private final String tail;
    /** The literals before each conversion, and the tail, as bytes. */
    private final byte[][] literals;

    private final char[] conversions;
    private final int numbers;

    PrintedFormat(String format) {
        int from = 0;
        for (int at = format.indexOf('%'); at >= 0; at = format.indexOf('%', from)) {
            parts.add(new Part(format.substring(from, at), format.charAt(at + 1)));
            from = at + 2;
        }
        tail = format.substring(from).stripTrailing();
        literals = new byte[parts.size() + 1][];
        conversions = new char[parts.size()];
        int count = 0;
        for (int i = 0; i < conversions.length; i++) {
            literals[i] = parts.get(i).literal.getBytes(StandardCharsets.US_ASCII);
            conversions[i] = parts.get(i).conversion;
            count += conversions[i] == 's' ? 0 : 1;
        }
        literals[conversions.length] = tail.getBytes(StandardCharsets.US_ASCII);
        numbers = count;
    }

    /** How many numbers are printed. */
    int numbers() {
        return numbers;
    }

    /** Whether a text is printed at the end. */
    boolean endsInText() {
        return conversions.length > 0 && conversions[conversions.length - 1] == 's' && tail.isEmpty();
    }

    /** Value of a hexadecimal digit, or -1. */
    static int digit(byte c) {
        return DIGITS[c & 0xFF];
    }

    /** As {@link #read(String, int, int, long[])}, of bytes; faster. */
    boolean read(byte[] text, int start, int end, long[] values) {
        int stop = end;
        while (stop > start && text[stop - 1] == ' ') {
            stop--;
        }
        int at = start;
        int count = 0;
        for (int p = 0; p < conversions.length; p++) {
            if (!startsWith(text, at, stop, literals[p])) {
                return false;
            }
            at += literals[p].length;
            if (conversions[p] == 's') {
                byte[] next = literals[p + 1];
                while (next.length > 0 && at < stop && !startsWith(text, at, stop, next)) {
                    at++;
                }
                at = next.length == 0 ? stop : at;
                continue;
            }
            int radix = conversions[p] == 'x' ? 16 : 10;
            int from = at;
            long value = 0;
            for (int digit; at < stop && (digit = digit(text[at])) >= 0 && digit < radix; at++) {
                value = value * radix + digit;
            }
            if (at == from || at - from > (radix == 16 ? 16 : 18)) {
                return false;
            }
            values[count++] = value;
        }
        byte[] last = literals[conversions.length];
        return at + last.length == stop && startsWith(text, at, stop, last);
    }

    /** Whether the text has these bytes at a place, before its end. */
    static boolean startsWith(byte[] text, int at, int end, byte[] literal) {
        if (end - at < literal.length) {
            return false;
        }
        // a loop: to compare these few bytes by Arrays.equals takes longer in code that is compiled the cheap way
        for (int i = 0; i < literal.length; i++) {
            if (text[at + i] != literal[i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * Reads a text.
     *
     * @param text printed text
     * @param start where the arguments begin in it
     * @param end where they end
     * @param values receives the numbers in order
     * @return whether the text fits the format
     */
    boolean read(String text, int start, int end, long[] values) {
        while (end > start && text.charAt(end - 1) == ' ') {
            end--;
        }
        int at = start;
        int count = 0;
        for (int p = 0; p < parts.size(); p++) {
            Part part = parts.get(p);
            if (!text.startsWith(part.literal, at)) {
                return false;
            }
            at += part.literal.length();
            if (part.conversion == 's') {
                String next = p + 1 < parts.size() ? parts.get(p + 1).literal : tail;
                int stop = next.isEmpty() ? end : text.indexOf(next, at);
                if (stop < 0 || stop > end) {
                    return false;
                }
                at = stop;
            } else {
                int radix = part.conversion == 'x' ? 16 : 10;
                int from = at;
                long value = 0;
                while (at < end && Digits.valueOf(text.charAt(at), radix) >= 0) {
                    value = value * radix + Digits.valueOf(text.charAt(at), radix);
                    at++;
                }
                if (at == from || at - from > (radix == 16 ? 16 : 18)) {
                    return false;
                }
                values[count++] = value;
            }
        }
        return at + tail.length() == end && text.startsWith(tail, at);
    }
}
