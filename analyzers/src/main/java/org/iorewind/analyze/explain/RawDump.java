package org.iorewind.analyze.explain;

import java.util.List;

/** The words that the kernel prints behind an entry: {@code DTE[0]: 6000000000000003}, {@code CMD[1]: 10000000}. */
final class RawDump {
    private static final int QWORDS = 4;
    private static final int DWORDS = 8;
    private static final int QWORD_DIGITS = 16;

    private final long[] words = new long[QWORDS];
    private int seen;
    private boolean command;

    /** Hears a line of the driver; does nothing if it is no such word, or if all are known. */
    void line(String text) {
        int at = text.indexOf("DTE[");
        boolean ofCommand = at < 0;
        if (ofCommand) {
            at = text.indexOf("CMD[");
        }
        int close = at < 0 ? -1 : text.indexOf("]: ", at);
        if (close != at + 5) {
            return;
        }
        int index = text.charAt(at + 4) - '0';
        String digits = text.substring(close + 3).strip();
        if (index < 0 || index >= DWORDS || digits.isEmpty() || digits.length() > QWORD_DIGITS) {
            return;
        }
        long value;
        try {
            value = Long.parseUnsignedLong(digits, 16);
        } catch (NumberFormatException e) {
            return;
        }
        put(index, value, ofCommand || digits.length() <= QWORD_DIGITS / 2);
        command |= ofCommand;
    }

    private void put(int index, long value, boolean isDword) {
        int qword = isDword ? index / 2 : index;
        if (qword >= QWORDS || (seen >>> index & 1) != 0) {
            return;
        }
        seen |= 1 << index;
        words[qword] |= isDword && index % 2 == 1 ? value << 32 : value;
    }

    /** What the words say; empty if they are not there or not whole. */
    List<String> words() {
        if (command) {
            return (seen & 0xF) == 0xF ? RawWords.command(words[0], words[1]) : List.of();
        }
        boolean whole = (seen & 0xFF) == 0xFF || seen == 0xF;
        return whole ? RawWords.deviceEntry(words) : List.of();
    }
}
