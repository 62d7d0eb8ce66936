package org.iorewind.record.ftrace;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Takes a line apart.
 *
 * <pre>
 *    kworker/u4:0-11      [000] d.h1.    13.701524: unmap: IOMMU: …           tracefs
 *            bash-977     (    977) [000] d.h1.    13.701524: unmap: …        with the option record-tgid
 *    kworker/u4:0-11    [000]    13.701524474: unmap:     IOMMU: …            trace-cmd report, here with -t
 *    kworker/u4:0-11    [000]    13.701524: (+299)   unmap:     IOMMU: …      with --ts-diff
 *   kworker/-11      0d.h1.    13.701524: unmap:     IOMMU: …                 with -l
 *    kworker/-11      0d.h1. 13701524us+: unmap: …                            tracefs with the option latency-format
 *   CPU:1 [LOST 17 EVENTS]     CPU:1 [LOST EVENTS]                            tracefs
 *   CPU:1 [17 EVENTS DROPPED]                                                 trace-cmd
 * </pre>
 *
 * <p>A task may call itself what it likes, with blanks, dashes and colons, in 15 bytes. What follows its name is at least as
 * wide as that, so the last place within 16 characters that fits is the end of the name.
 */
final class FtraceParser {
    private static final long NS_PER_SECOND = 1_000_000_000L;
    private static final long NS_PER_MICROSECOND = 1_000L;
    private static final int FRACTION_DIGITS = 9;
    /** Decimal digits of a count that fits into 63 bits. */
    private static final int COUNT_DIGITS = 18;

    private static final Pattern EVENT =
            Pattern.compile("\\s*+(?<task>.{1,16}-\\d{1,10})\\s++(?:\\([ \\d-]{1,10}\\)\\s++)?+"
                    + "(?:\\[(?<cpu>\\d{1,5})\\]\\s++(?:[^\\s:\\[\\]()]{3,8}\\s++)?"
                    + "|(?<latencyCpu>\\d{1,4})[^\\s\\d:\\[\\]()][^\\s:\\[\\]()]{2,7}\\s++)"
                    + "(?:(?<seconds>\\d{1,9})\\.(?<fraction>\\d{6,9})|(?<micros>\\d{1,15})us[ !+#*@$]?|(?<counter>\\d{1,19})):\\s++"
                    + "(?:\\(\\+\\d{1,18}\\)\\s++)?(?<event>[A-Za-z_]\\w{0,63}):(?<payload>(?:\\s.*+)?)");
    private static final Pattern LOST =
            Pattern.compile("CPU:(?<cpu>\\d{1,5}) \\[(?:LOST )?(?:(?<count>\\d{1,20}) )?EVENTS(?: DROPPED)?\\]\\s*+");
    private static final Pattern OVERWRITTEN =
            Pattern.compile("# entries-in-buffer/entries-written: (?<kept>\\d{1,18})/(?<written>\\d{1,18})\\b.*+");
    private static final Pattern STARTED = Pattern.compile("##### CPU (?<cpu>\\d{1,5}) buffer started ####\\s*+");

    private final Matcher event = EVENT.matcher("");
    private final Matcher lost = LOST.matcher("");
    private final Matcher overwritten = OVERWRITTEN.matcher("");
    private final Matcher started = STARTED.matcher("");

    FtraceLine parse(String text) {
        if (text.isBlank()) {
            return FtraceLine.other("blank");
        }
        if (event.reset(text).matches()) {
            return event();
        }
        if (lost.reset(text).matches()) {
            String count = lost.group("count");
            boolean known = count != null && count.length() <= COUNT_DIGITS;
            return FtraceLine.lost(Integer.parseInt(lost.group("cpu")), known ? Long.parseLong(count) : 0);
        }
        if (overwritten.reset(text).matches()) {
            long missing = Long.parseLong(overwritten.group("written")) - Long.parseLong(overwritten.group("kept"));
            return missing > 0 ? FtraceLine.lost(-1, missing) : FtraceLine.other("header");
        }
        if (started.reset(text).matches()) {
            // printed only if older records of some processor were overwritten
            return FtraceLine.lost(Integer.parseInt(started.group("cpu")), 0);
        }
        return FtraceLine.other(label(text));
    }

    private FtraceLine event() {
        String cpu = event.group("cpu") == null ? event.group("latencyCpu") : event.group("cpu");
        return new FtraceLine(
                FtraceLine.Type.EVENT,
                event.group("task"),
                Integer.parseInt(cpu),
                timeNs(),
                event.group("event"),
                event.group("payload").strip(),
                0);
    }

    private long timeNs() {
        String seconds = event.group("seconds");
        if (seconds != null) {
            String fraction = event.group("fraction");
            long ns = Long.parseLong(fraction + "0".repeat(FRACTION_DIGITS - fraction.length()));
            return Long.parseLong(seconds) * NS_PER_SECOND + ns;
        }
        String micros = event.group("micros");
        return micros == null ? FtraceLine.NO_TIME : Long.parseLong(micros) * NS_PER_MICROSECOND;
    }

    private static String label(String text) {
        if (text.startsWith("#") || text.startsWith("cpus=") || text.startsWith("CPU ")) {
            return "header";
        }
        return text.startsWith(" =>") || text.startsWith("=>") ? "stack trace" : "other text";
    }
}
