package org.iorewind.record.qemulog;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Takes a line's prefix off and reads the numbers of our events.
 *
 * <pre>
 *   17160@1795358786.057986:amdvi_translation_result …     QEMU 10: thread, seconds, microseconds
 *   2026-11-22T14:42:53.405539Z amdvi_cache_update …       QEMU 11: UTC; no fraction on a whole second
 *   amdvi_iotlb_reset …                                    without -msg timestamp=on
 *   T amdvi_mmio_read …                                    a qtest transcript
 *   mem S C 11e6000 8 8000000000000000                     the recording plug-in
 * </pre>
 */
final class LineParser {
    private static final long[] NO_VALUES = new long[0];
    private static final int ISO_SECONDS = "2026-11-22T14:42:53".length();
    private static final int ISO_LONGEST = "2026-11-22T14:42:53.405539123".length();

    /** Nanoseconds of later ones, in 2262, do not fit into 63 bits. */
    private static final long LAST_SECOND = Long.MAX_VALUE / 1_000_000_000L - 1;

    private final long[] scratch = new long[PrintedFormat.MAX_VALUES];

    LogLine parse(String text) {
        int at = text.startsWith("T ") ? 2 : 0;
        long unixNs = LogLine.UNKNOWN;
        long thread = LogLine.UNKNOWN;
        int isoEnd = isoStampEnd(text, at);
        if (isoEnd > 0) {
            unixNs = isoNs(text, at, isoEnd);
            at = isoEnd + 2;
        } else {
            int colon = threadStampEnd(text, at);
            if (colon > 0) {
                int sign = text.indexOf('@', at);
                int dot = text.indexOf('.', sign);
                thread = Long.parseLong(text, at, sign, 10);
                long seconds = Long.parseLong(text, sign + 1, dot, 10);
                if (seconds <= LAST_SECOND) {
                    unixNs = seconds * 1_000_000_000L + Long.parseLong(text, dot + 1, colon, 10) * 1_000L;
                }
                at = colon + 1;
            }
        }
        if (text.startsWith("amdvi_", at)) {
            return event(text, at, unixNs, thread);
        }
        if (text.startsWith("mem ", at) && text.length() > at + 5) {
            return line(LogLine.Type.MEMORY, text, at + 4, unixNs, thread, "mem");
        }
        if (text.startsWith("reg ", at)) {
            return line(LogLine.Type.REGISTER, text, at + 4, unixNs, thread, "reg");
        }
        if (text.startsWith("# state ") || text.startsWith("# lines ") || text.startsWith("S ")) {
            return line(LogLine.Type.SECTION, text, 2, unixNs, thread, "section");
        }
        if (text.startsWith("> ")) {
            return line(LogLine.Type.REQUEST, text, 2, unixNs, thread, "qtest script");
        }
        if (text.startsWith("< ")) {
            return line(LogLine.Type.REPLY, text, 2, unixNs, thread, "qtest script");
        }
        if (text.contains("amdvi_")) {
            return line(LogLine.Type.UNPARSED, text, at, unixNs, thread, "");
        }
        return line(LogLine.Type.OTHER, text, at, unixNs, thread, labelOfOther(text, at));
    }

    private LogLine event(String text, int at, long unixNs, long thread) {
        int blank = text.indexOf(' ', at);
        int nameEnd = blank < 0 ? text.length() : blank;
        QemuEvent event = QemuEvent.named(text.substring(at, nameEnd));
        if (event == null) {
            return line(LogLine.Type.UNPARSED, text, at, unixNs, thread, "");
        }
        int start = Math.min(nameEnd + 1, text.length());
        int bar = text.indexOf(" | ", start);
        int end = bar < 0 ? text.length() : bar;
        if (!event.format().read(text, start, end, scratch)) {
            return line(LogLine.Type.UNPARSED, text, at, unixNs, thread, event.label());
        }
        String annotation = bar < 0 ? "" : text.substring(bar + 3).stripTrailing();
        return new LogLine(
                LogLine.Type.EVENT, text, start, unixNs, thread, event, scratch.clone(), annotation, event.label());
    }

    private static LogLine line(LogLine.Type type, String text, int start, long unixNs, long thread, String label) {
        return new LogLine(type, text, start, unixNs, thread, null, NO_VALUES, "", label);
    }

    /** The first word when it looks like the name of a trace event, otherwise a general label. */
    private static String labelOfOther(String text, int at) {
        int end = at;
        boolean underscore = false;
        while (end < text.length() && (Character.isLetterOrDigit(text.charAt(end)) || text.charAt(end) == '_')) {
            underscore |= text.charAt(end) == '_';
            end++;
        }
        boolean name = underscore && end - at <= 64 && (end == text.length() || text.charAt(end) == ' ');
        if (name) {
            return text.substring(at, end);
        }
        if (text.length() > 1 && text.charAt(1) == ' ' && "DERX#".indexOf(text.charAt(0)) >= 0) {
            return "qtest script";
        }
        return text.isBlank() ? "blank" : "other text";
    }

    /** Index of the Z that ends a UTC stamp, or -1. A stamp on a whole second has no fraction. */
    private static int isoStampEnd(String text, int at) {
        int z = text.indexOf("Z ", at);
        boolean stamp = z >= at + ISO_SECONDS
                && z <= at + ISO_LONGEST
                && text.charAt(at + 4) == '-'
                && text.charAt(at + 10) == 'T'
                && text.charAt(at + 13) == ':';
        return stamp ? z : -1;
    }

    private static long isoNs(String text, int at, int end) {
        try {
            LocalDateTime time = LocalDateTime.parse(text.substring(at, end));
            long seconds = time.toEpochSecond(ZoneOffset.UTC);
            return seconds >= 0 && seconds <= LAST_SECOND ? seconds * 1_000_000_000L + time.getNano() : LogLine.UNKNOWN;
        } catch (DateTimeException e) {
            return LogLine.UNKNOWN;
        }
    }

    /** Index of the colon that ends {@code tid@seconds.micros:}, or -1. */
    private static int threadStampEnd(String text, int at) {
        int end = digits(text, at);
        if (end == at || end - at > 10 || end >= text.length() || text.charAt(end) != '@') {
            return -1;
        }
        int dot = digits(text, end + 1);
        if (dot == end + 1 || dot - end > 11 || dot >= text.length() || text.charAt(dot) != '.') {
            return -1;
        }
        int colon = digits(text, dot + 1);
        return colon - dot == 7 && colon < text.length() && text.charAt(colon) == ':' ? colon : -1;
    }

    private static int digits(String text, int at) {
        int end = at;
        while (end < text.length() && text.charAt(end) >= '0' && text.charAt(end) <= '9') {
            end++;
        }
        return end;
    }
}
