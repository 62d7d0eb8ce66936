package org.iorewind.record.qemu;

/** Sizes as QEMU reads them. */
final class ByteSize {
    private static final String SUFFIXES = "BKMGTPE";
    private static final int SUFFIX_SHIFT = 10;
    private static final int MEGA_SHIFT = 20;
    private static final int MOST_DIGITS = 15;

    private ByteSize() {}

    /** Bytes of {@code -m}: a number of MiB, or one with a suffix; -1 if it is none. */
    static long ofMemoryOption(String text) {
        int end = 0;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        if (end == 0 || end > MOST_DIGITS || text.length() - end > 1) {
            return -1;
        }
        int shift = MEGA_SHIFT;
        if (end < text.length()) {
            int suffix = SUFFIXES.indexOf(Character.toUpperCase(text.charAt(end)));
            if (suffix < 0) {
                return -1;
            }
            shift = SUFFIX_SHIFT * suffix;
        }
        long number = Long.parseLong(text, 0, end, 10);
        return number == 0 || number > Long.MAX_VALUE >>> shift ? -1 : number << shift;
    }
}
