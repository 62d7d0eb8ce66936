package org.iorewind.record.qemulog;

import java.util.ArrayList;
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

    private record Part(String literal, char conversion) {}

    private final List<Part> parts = new ArrayList<>();
    private final String tail;

    PrintedFormat(String format) {
        int from = 0;
        for (int at = format.indexOf('%'); at >= 0; at = format.indexOf('%', from)) {
            parts.add(new Part(format.substring(from, at), format.charAt(at + 1)));
            from = at + 2;
        }
        tail = format.substring(from).stripTrailing();
    }

    /** How many numbers are printed. */
    int numbers() {
        int count = 0;
        for (Part part : parts) {
            count += part.conversion == 's' ? 0 : 1;
        }
        return count;
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
