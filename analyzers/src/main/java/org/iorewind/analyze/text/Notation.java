package org.iorewind.analyze.text;

/** Numbers as people write them here: {@code 0x1000}, {@code 12.345678s}, {@code 12,345}, {@code #123}. No locale. */
public final class Notation {
    private static final String DIGITS = "0123456789abcdef";
    private static final long NS_PER_SECOND = 1_000_000_000L;

    private Notation() {}

    /** An address or register value: {@code 0x…}, unsigned, without leading zeros. */
    public static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }

    /** An address range: one address, or {@code 0x1000 to 0x1ff0}. */
    public static String range(long first, long last) {
        return first == last ? hex(first) : hex(first) + " to " + hex(last);
    }

    /**
     * A time of the session.
     *
     * @param ns nanoseconds, also negative
     * @return seconds with six digits, {@code 12.345678s}; rest of a microsecond cut off
     */
    public static String time(long ns) {
        StringBuilder text = new StringBuilder();
        long seconds = ns / NS_PER_SECOND;
        long rest = ns % NS_PER_SECOND;
        if (ns < 0) {
            text.append('-');
        }
        String micros = Long.toString(Math.abs(rest) / 1_000);
        text.append(Long.toString(seconds).replace("-", "")).append('.');
        text.append("0".repeat(6 - micros.length())).append(micros);
        return text.append('s').toString();
    }

    /**
     * A time on a scale: rounded to milliseconds if the scale is a second or longer, else as {@link #time(long)}.
     *
     * @param ns nanoseconds
     * @param spanNs length of the scale in nanoseconds
     */
    public static String shortTime(long ns, long spanNs) {
        if (spanNs < NS_PER_SECOND) {
            return time(ns);
        }
        String text = time(Math.floorDiv(ns + 500_000, 1_000_000) * 1_000_000);
        return text.substring(0, text.length() - 4) + "s";
    }

    /**
     * A length of time: {@code 950ns}, {@code 12us}, {@code 3.4ms}, {@code 12s}; rest of the last digit cut off.
     *
     * @param ns nanoseconds, at least 0
     */
    public static String duration(long ns) {
        String[] units = {"ns", "us", "ms", "s"};
        int unit = 0;
        long size = 1;
        while (unit < units.length - 1 && ns / size >= 1000) {
            size *= 1000;
            unit++;
        }
        long whole = ns / size;
        long tenth = unit == 0 || whole >= 10 ? 0 : ns % size * 10 / size;
        return count(whole) + (tenth == 0 ? "" : "." + tenth) + units[unit];
    }

    /** A number with a comma between groups of three digits. */
    public static String count(long value) {
        String digits = Long.toString(value);
        int start = value < 0 ? 1 : 0;
        StringBuilder text = new StringBuilder(digits);
        for (int i = digits.length() - 3; i > start; i -= 3) {
            text.insert(i, ',');
        }
        return text.toString();
    }

    /** A number and its noun, in the singular or with an {@code s}: {@code 1 event}, {@code 2 events}. */
    public static String count(long value, String noun) {
        return count(value) + " " + noun + (value == 1 ? "" : "s");
    }

    /**
     * A number of bytes: {@code 512 bytes}, {@code 4.0 KiB}, {@code 1.5 MiB}.
     *
     * @param bytes at least 0
     */
    public static String size(long bytes) {
        if (bytes < 1024) {
            return count(bytes, "byte");
        }
        int step = Math.min((63 - Long.numberOfLeadingZeros(bytes)) / 10, 4);
        long whole = bytes >>> (10 * step);
        long tenth = ((bytes >>> (10 * (step - 1))) & 1023) * 10 / 1024;
        return count(whole) + "." + tenth + " " + "KMGT".charAt(step - 1) + "iB";
    }

    /** An event's sequence number: {@code #123}. */
    public static String sequence(long sequence) {
        return "#" + sequence;
    }

    /** Appends the low {@code digits} hexadecimal digits of a value. */
    public static void appendHex(StringBuilder text, int value, int digits) {
        int needed = Math.max(digits, (35 - Integer.numberOfLeadingZeros(value)) / 4);
        for (int shift = (needed - 1) * 4; shift >= 0; shift -= 4) {
            text.append(DIGITS.charAt((value >>> shift) & 15));
        }
    }
}
