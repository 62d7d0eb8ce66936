package org.iorewind.record.kernellog;

import org.iorewind.record.kernellog.KernelLine.Clock;
import org.jspecify.annotations.Nullable;

/**
 * Takes from a line what dmesg, the journal, syslog, a serial console, /dev/kmsg, pstore, grep or a mail program put around
 * the kernel's words, and keeps the time.
 *
 * <pre>
 *   line   = { piece } text
 *   piece  = quote | level | stamp | host | caller
 *   quote  = "&gt; "                                            an answered mail
 *   level  = "&lt;6&gt;" | "kern  :err   : "                       dmesg -r, dmesg -x
 *   stamp  = "[   12.345678]" | "[   12.345678 &lt;    0.000012&gt;]" | "[&lt;    0.000012&gt;]" | "[  +0.000012]" | "[Nov27 04:32]"
 *          | "[Fri Nov 27 04:32:50 2026]" | "[2026-11-27 04:32:50]" | "2026-11-27T04:32:50,123456+00:00"
 *          | "Fri 2026-11-27 04:32:50 UTC" | "Nov 27 04:32:50.123456" | "1764217970.123456" | "6,123,12345678,-;"
 *   host   = [ word ] "kernel:"
 *   caller = "[    T1]" | "[    C0]"
 * </pre>
 *
 * <p>Where two stamps stand in a line the kernel's own counts: it is exact. Not thread-safe.
 */
final class LineShapes {
    private static final int MOST_PIECES = 12;
    private static final long MICROSECOND = 1_000;
    private static final String AMD_VI = "AMD-Vi";
    private static final String KERNEL = "kernel:";
    private static final String[] FACILITIES = {"kern", "user", "daemon", "syslog", "auth", "local"};
    private static final String[] LEVELS = {"emerg", "alert", "crit", "err", "warn", "notice", "info", "debug"};

    private final Stamps stamps = new Stamps();
    private final JournalJson journal = new JournalJson();
    private String line = "";
    private int at;
    private Clock clock = Clock.NONE;
    private long timeNs;
    private boolean dressed;
    /** The time that {@code dmesg --json} wrote in the line before its message. */
    private @Nullable String jsonTime;

    /**
     * The kernel's words and their time.
     *
     * @param raw a cleaned line
     */
    KernelLine parse(String raw) {
        dressed = false;
        KernelLine fromJournal = journal.parse(raw);
        if (fromJournal != null) {
            dressed = true;
            KernelLine inner = pieces(LineCleaner.clean(fromJournal.text()));
            return inner.clock() == Clock.NONE ? inner.at(fromJournal.clock(), fromJournal.timeNs()) : inner;
        }
        KernelLine fromFields = fields(raw.strip());
        if (fromFields != null) {
            dressed = true;
            return fromFields;
        }
        return pieces(raw);
    }

    /** Whether the last line wore anything that lines of logs wear. */
    boolean isDressed() {
        return dressed;
    }

    private KernelLine pieces(String raw) {
        line = raw;
        at = 0;
        clock = Clock.NONE;
        timeNs = 0;
        int pieces = 0;
        while (pieces < MOST_PIECES && piece()) {
            pieces++;
        }
        if (clock == Clock.NONE && behindForeignWords()) {
            return pieces(line.substring(at));
        }
        return new KernelLine(clock, timeNs, line.substring(at).strip());
    }

    /** A stamp of the kernel behind something else, such as what grep writes; only of lines that matter. */
    private boolean behindForeignWords() {
        int words = line.indexOf(AMD_VI, at);
        for (int bracket = line.indexOf('[', at); bracket >= 0 && bracket < words; ) {
            int inside = bracket + 1;
            while (inside < words && line.charAt(inside) == ' ') {
                inside++;
            }
            if (stamps.seconds(line, inside, Clock.BOOT) && line.startsWith("]", stamps.end())) {
                at = bracket;
                return true;
            }
            bracket = line.indexOf('[', bracket + 1);
        }
        return false;
    }

    private boolean piece() {
        while (at < line.length() && line.charAt(at) == ' ') {
            at++;
        }
        if (at == line.length()) {
            return false;
        }
        char c = line.charAt(at);
        return switch (c) {
            case '>' -> quote();
            case '<' -> level();
            case '[' -> bracket();
            default -> c >= '0' && c <= '9' ? number() : word();
        };
    }

    private boolean quote() {
        at++;
        return true;
    }

    private boolean level() {
        int end = line.indexOf('>', at);
        if (end < at + 2 || end > at + 4 || !isDigits(at + 1, end)) {
            return false;
        }
        at = end + 1;
        dressed = true;
        if (line.startsWith("1 ", at) && stamps.iso(line, at + 2)) {
            // RFC 5424: version, stamp, host, application, process, message id, structured data
            keep();
            skipWords(4);
            if (line.startsWith("- ", at)) {
                at += 2;
            }
        }
        return true;
    }

    private boolean bracket() {
        int end = line.indexOf(']', at);
        if (end < 0) {
            return false;
        }
        int inside = at + 1;
        while (inside < end && line.charAt(inside) == ' ') {
            inside++;
        }
        char c = line.charAt(inside);
        boolean isStamp = false;
        if (c == '+') {
            isStamp = stamps.seconds(line, inside + 1, Clock.STEP) && stamps.end() == end;
        } else if (c == '<') {
            isStamp = step(inside, end);
        } else if (stamps.seconds(line, inside, Clock.BOOT)) {
            isStamp = stamps.end() == end || line.startsWith(" <", stamps.end());
        } else if (stamps.ctime(line, inside)) {
            isStamp = stamps.end() == end || line.startsWith(" <", stamps.end());
        } else if (stamps.iso(line, inside) || stamps.minute(line, inside)) {
            isStamp = stamps.end() == end;
        } else if (isCaller(inside, end)) {
            at = end + 1;
            return true;
        }
        if (!isStamp) {
            return false;
        }
        keep();
        at = end + 1;
        host();
        return true;
    }

    private boolean step(int inside, int end) {
        int from = inside + 1;
        while (from < end && line.charAt(from) == ' ') {
            from++;
        }
        return stamps.seconds(line, from, Clock.STEP) && line.startsWith(">", stamps.end());
    }

    /** {@code T1}, {@code C0}, with newer kernels also the CPU behind an {@code @}. */
    private boolean isCaller(int inside, int end) {
        char kind = line.charAt(inside);
        return (kind == 'T' || kind == 'C')
                && end - inside < 24
                && end > inside + 1
                && line.charAt(inside + 1) >= '0'
                && line.charAt(inside + 1) <= '9';
    }

    private boolean number() {
        if (kmsg()) {
            return true;
        }
        boolean isStamp = stamps.iso(line, at);
        if (!isStamp && stamps.seconds(line, at, Clock.WALL)) {
            // only a count of seconds since 1970 has ten digits before the point
            isStamp = line.indexOf('.', at) == at + 10 && line.startsWith(" ", stamps.end());
        }
        if (!isStamp || stamps.end() < line.length() && line.charAt(stamps.end()) != ' ') {
            return false;
        }
        keep();
        at = stamps.end();
        host();
        return true;
    }

    /** {@code 6,1234,56789012,-[,caller=T1];text}: priority, sequence number, microseconds since the start, flags. */
    private boolean kmsg() {
        int first = line.indexOf(',', at);
        int second = first < 0 ? -1 : line.indexOf(',', first + 1);
        int third = second < 0 ? -1 : line.indexOf(',', second + 1);
        int text = third < 0 ? -1 : line.indexOf(';', third);
        boolean fits = text > 0
                && isDigits(at, first)
                && isDigits(first + 1, second)
                && isDigits(second + 1, third)
                && third - second <= 16;
        if (!fits) {
            return false;
        }
        clock = Clock.BOOT;
        timeNs = Long.parseLong(line, second + 1, third, 10) * MICROSECOND;
        dressed = true;
        at = text + 1;
        return true;
    }

    private boolean word() {
        if (stamps.full(line, at) || stamps.syslog(line, at)) {
            if (stamps.end() < line.length() && line.charAt(stamps.end()) == ' ') {
                keep();
                at = stamps.end();
                host();
                return true;
            }
            return false;
        }
        return decodedLevel() || ownName();
    }

    /** {@code kern  :err   : }, as {@code dmesg -x} writes it. */
    private boolean decodedLevel() {
        for (String facility : FACILITIES) {
            if (line.startsWith(facility, at)) {
                int colon = line.indexOf(':', at);
                int second = colon < 0 ? -1 : line.indexOf(": ", colon + 1);
                if (second < 0 || second - at > 24) {
                    return false;
                }
                String level = line.substring(colon + 1, second).strip();
                for (String known : LEVELS) {
                    if (known.equals(level)) {
                        dressed = true;
                        at = second + 2;
                        return true;
                    }
                }
            }
        }
        return false;
    }

    private boolean ownName() {
        if (line.startsWith(KERNEL, at)) {
            dressed = true;
            at += KERNEL.length();
            return true;
        }
        return false;
    }

    /** {@code HOST kernel:} or {@code kernel:} behind a stamp. */
    private void host() {
        int from = at;
        while (from < line.length() && line.charAt(from) == ' ') {
            from++;
        }
        int end = line.indexOf(' ', from);
        if (end < 0) {
            return;
        }
        if (isKernel(from, end)) {
            at = end;
            return;
        }
        int next = line.indexOf(' ', end + 1);
        if (next > 0 && isKernel(end + 1, next)) {
            at = next;
        }
    }

    private boolean isKernel(int from, int to) {
        return line.startsWith("kernel", from)
                && line.charAt(to - 1) == ':'
                && (to - from == KERNEL.length() || line.charAt(from + KERNEL.length() - 1) == '[');
    }

    private void keep() {
        dressed = true;
        // the kernel's own stamp is exact; one of a console or of the journal around it is not
        if (clock != Clock.BOOT) {
            clock = stamps.clock();
            timeNs = stamps.timeNs();
        }
        at = stamps.end();
    }

    private void skipWords(int words) {
        for (int i = 0; i < words; i++) {
            int blank = line.indexOf(' ', at + 1);
            if (blank < 0) {
                return;
            }
            at = blank;
        }
        at++;
    }

    /** One field a line: {@code journalctl -o export}, {@code -o verbose}, {@code -o json-pretty}, {@code dmesg --json}. */
    private @Nullable KernelLine fields(String stripped) {
        if (stripped.startsWith("MESSAGE=")) {
            return pieces(stripped.substring("MESSAGE=".length()));
        }
        if (stripped.startsWith("\"time\":")) {
            jsonTime =
                    stripped.substring("\"time\":".length()).replace(',', ' ').strip();
            return new KernelLine(Clock.NONE, 0, "");
        }
        boolean isPretty = stripped.startsWith("\"MESSAGE\" :");
        if (!isPretty && !stripped.startsWith("\"msg\":")) {
            return null;
        }
        String quoted = stripped.substring(stripped.indexOf(':') + 1).strip();
        KernelLine message = journal.parse(
                "{\"MESSAGE\":" + (quoted.endsWith(",") ? quoted.substring(0, quoted.length() - 1) : quoted) + "}");
        if (message == null) {
            return null;
        }
        KernelLine inner = pieces(LineCleaner.clean(message.text()));
        if (inner.clock() == Clock.NONE && jsonTime != null && stamps.seconds(jsonTime, 0, Clock.BOOT)) {
            inner = inner.at(Clock.BOOT, stamps.timeNs());
        }
        jsonTime = null;
        return inner;
    }

    private boolean isDigits(int from, int to) {
        for (int i = from; i < to; i++) {
            if (line.charAt(i) < '0' || line.charAt(i) > '9') {
                return false;
            }
        }
        return to > from;
    }
}
