package org.iorewind.record.ftrace;

import org.iorewind.record.text.Digits;

/** {@code name=value} in what an event says. Numbers are digits and nothing else. */
final class Fields {
    private static final int MOST_DECIMAL_DIGITS = 18;

    private Fields() {}

    /**
     * The word behind {@code name=}.
     *
     * @throws NumberFormatException if there is none
     */
    static String word(String payload, String name) {
        String key = name + "=";
        int at = payload.startsWith(key) ? 0 : payload.indexOf(" " + key) + 1;
        if (at == 0 && !payload.startsWith(key)) {
            throw new NumberFormatException("no " + name);
        }
        int start = at + key.length();
        int end = payload.indexOf(' ', start);
        return payload.substring(start, end < 0 ? payload.length() : end);
    }

    /** The number behind {@code name=0x}. */
    static long hex(String payload, String name) {
        return Digits.prefixedHex(word(payload, name));
    }

    /** The number behind {@code name=}, or behind {@code name=0x}. */
    static long number(String payload, String name) {
        String word = word(payload, name);
        return word.startsWith("0x") ? Digits.prefixedHex(word) : decimal(word);
    }

    static long decimal(String word) {
        if (word.isEmpty() || word.length() > MOST_DECIMAL_DIGITS) {
            throw new NumberFormatException("not 1 to 18 decimal digits");
        }
        long value = 0;
        for (int i = 0; i < word.length(); i++) {
            int digit = Digits.valueOf(word.charAt(i), 10);
            if (digit < 0) {
                throw new NumberFormatException("not a digit");
            }
            value = value * 10 + digit;
        }
        return value;
    }
}
