package org.iorewind.record.text;

/**
 * Numbers as QEMU and the recorders print them: digits and nothing else. The JDK's parsers also take signs and the
 * digits of other scripts, so that a damaged line could pass for another value.
 */
public final class Digits {
    private static final int MOST_HEX_DIGITS = 16;
    private static final int MOST_DECIMAL_DIGITS = 9;
    private static final String PREFIX = "0x";

    private Digits() {}

    /**
     * An unsigned number of 1 to 16 hexadecimal digits, without prefix.
     *
     * @throws NumberFormatException if the text is anything else
     */
    public static long hex(String text) {
        return hex(text, 0, text.length());
    }

    /** As {@link #hex(String)}, of the characters from {@code from} to before {@code to}. */
    public static long hex(String text, int from, int to) {
        if (to <= from || to - from > MOST_HEX_DIGITS) {
            throw new NumberFormatException("not 1 to 16 hexadecimal digits");
        }
        long value = 0;
        for (int i = from; i < to; i++) {
            value = value << 4 | digit(text.charAt(i), 16);
        }
        return value;
    }

    /** As {@link #hex(String)}, behind {@code 0x}. */
    public static long prefixedHex(String text) {
        if (!text.startsWith(PREFIX)) {
            throw new NumberFormatException("no 0x");
        }
        return hex(text, PREFIX.length(), text.length());
    }

    /**
     * Bytes behind {@code 0x}, two digits each, in the order of their addresses.
     *
     * @throws NumberFormatException if there is none, half a byte, or anything else
     */
    public static byte[] prefixedBytes(String text) {
        int digits = text.length() - PREFIX.length();
        if (!text.startsWith(PREFIX) || digits < 2 || digits % 2 != 0) {
            throw new NumberFormatException("not pairs of hexadecimal digits behind 0x");
        }
        byte[] bytes = new byte[digits / 2];
        for (int i = 0; i < bytes.length; i++) {
            int at = PREFIX.length() + 2 * i;
            bytes[i] = (byte) (digit(text.charAt(at), 16) << 4 | digit(text.charAt(at + 1), 16));
        }
        return bytes;
    }

    /**
     * A number of 1 to 9 decimal digits.
     *
     * @throws NumberFormatException if the text is anything else
     */
    public static int decimal(String text) {
        if (text.isEmpty() || text.length() > MOST_DECIMAL_DIGITS) {
            throw new NumberFormatException("not 1 to 9 decimal digits");
        }
        int value = 0;
        for (int i = 0; i < text.length(); i++) {
            value = value * 10 + digit(text.charAt(i), 10);
        }
        return value;
    }

    /** Value of an ASCII digit, or -1: what {@link Character#digit} does, without the digits of other scripts. */
    public static int valueOf(char c, int radix) {
        return c < 0x80 ? Character.digit(c, radix) : -1;
    }

    private static int digit(char c, int radix) {
        int value = valueOf(c, radix);
        if (value < 0) {
            throw new NumberFormatException("not a digit");
        }
        return value;
    }
}
