package org.iorewind.record.kernellog;

import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.sbe.GapReason;
import org.iorewind.trace.sbe.LogKind;
import org.jspecify.annotations.Nullable;

/** Turns the lines into events, each line by what it is. Not thread-safe. */
final class NoticeAssembler {
    private static final int EXAMPLES = 10;
    private static final int EXAMPLE_LENGTH = 200;
    private static final int RING_OFFSET_UNKNOWN = -1;
    private static final String AMD_VI = "AMD-Vi:";
    private static final String XEN = "(XEN)";
    private static final String OTHER = "other lines of the kernel";
    private static final String REPEATED = "message repeated ";
    private static final String[] CONTEXT = {
        "Linux version ",
        "Command line: ",
        "Kernel command line: ",
        "DMI: ",
        "Hardware name: ",
        "Hypervisor detected: ",
        "ACPI: IVRS ",
        "iommu: ",
        "perf/amd_iommu: ",
        "AMD IOMMUv2 ",
        "PM: suspend",
        "ACPI: PM: ",
        "kexec",
        "Copied DEV table",
        "Reused DEV table",
        "Translation is already enabled",
        "Translation was enabled"
    };

    private final LogLines lines;
    private final EventWriter writer;
    private final EventLines events = new EventLines();
    private final SessionClock clock;
    private final SortedMap<String, Long> skipped = new TreeMap<>();
    private final SortedMap<String, Long> folded = new TreeMap<>();
    private final List<String> unparsedExamples = new ArrayList<>();
    private long unparsed;
    private long entries;

    NoticeAssembler(LogLines lines, EventWriter writer, SessionClock clock) {
        this.lines = lines;
        this.writer = writer;
        this.clock = clock;
    }

    /** Takes the next line. */
    void one(KernelLine given) {
        KernelLine line = given;
        String text = line.text();
        if (text.isEmpty()) {
            count(skipped, "empty lines");
            return;
        }
        long times = 1;
        int repeated = text.indexOf(REPEATED);
        if (repeated >= 0) {
            times = times(text, repeated + REPEATED.length());
            int bracket = text.indexOf(": [", repeated);
            if (times > 0 && bracket > 0 && text.endsWith("]")) {
                KernelLine inner = lines.undress(
                        text.substring(bracket + 3, text.length() - 1).strip());
                line = line.saying(inner.text());
            }
        }
        if (text.startsWith("Linux version ") && clock.stepsBack(line)) {
            clock.anotherBoot(line);
            writer.mark(0, "the kernel starts again");
        }
        writer.at(clock.at(line));
        said(line.text());
        if (times > 1) {
            writer.gap(
                    GapReason.SOURCE_LOST,
                    times - 1,
                    0,
                    "the line before came " + times + " times: " + REPEATED.strip());
        }
    }

    /** Lines that only began an entry are counted at the end. */
    void end() {
        for (long i = 0; i < events.abandoned(); i++) {
            unparsed("an entry that was begun and not ended");
        }
    }

    private static long times(String text, int from) {
        int blank = text.indexOf(' ', from);
        return blank < 0 || !text.startsWith(" times", blank) ? 0 : LossNotice.count(text.substring(from, blank));
    }

    private void said(String text) {
        LossNotice loss = LossNotice.of(text);
        if (loss != null) {
            lost(loss, text);
            return;
        }
        switch (events.take(text)) {
            case PART -> count(folded, "first half of an entry's line");
            case EVENT -> entry(events.event(), events.text());
            case UNKNOWN -> {
                writer.consoleLine(events.text());
                unparsed(lines.raw());
            }
            case NOTHING -> notice(text);
        }
    }

    private void lost(LossNotice loss, String text) {
        if (OtherVendor.of(text) != null || !loss.isOfIommu() && text.endsWith("callbacks suppressed")) {
            count(skipped, OTHER);
            return;
        }
        writer.consoleLine(text);
        writer.gap(GapReason.SOURCE_LOST, loss.count(), 0, text);
        count(folded, "lines that say how many are missing");
    }

    private void entry(LoggedEvent event, String text) {
        writer.consoleLine(text);
        writer.logEntry(
                LogKind.EVENT,
                RING_OFFSET_UNKNOWN,
                event.qword0(),
                event.qword0Known(),
                event.qword1(),
                event.qword1Known());
        entries++;
    }

    private void notice(String text) {
        int vendor = text.indexOf(AMD_VI);
        if (vendor >= 0) {
            ofDriver(text, text.substring(vendor + AMD_VI.length()).strip());
            return;
        }
        OtherVendor other = OtherVendor.of(text);
        if (other != null) {
            count(skipped, other.label() + (other.isFault(text) ? " faults" : ""));
            if (other.isFault(text)) {
                writer.consoleLine(text);
            }
            return;
        }
        if (text.contains("AMD-Vi")) {
            writer.consoleLine(text);
            unparsed(lines.raw());
        } else if (isContext(text)) {
            writer.consoleLine(text);
            count(folded, "lines about devices and the machine");
        } else {
            count(skipped, OTHER);
        }
    }

    private void ofDriver(String text, String words) {
        @Nullable LoggedEvent ofXen = text.startsWith(XEN) ? XenEventText.parse(words) : null;
        if (ofXen != null) {
            int device = text.indexOf(": ", text.indexOf(AMD_VI) + AMD_VI.length());
            entry(ofXen, "xen " + text.substring(device + 2).split(" ", 2)[0] + ": " + text);
            return;
        }
        writer.consoleLine(text);
        if (!KnownNotices.knows(words)) {
            unparsed(lines.raw());
            return;
        }
        count(folded, "notices of the driver");
        if (words.endsWith("verflow") || words.contains(" log restarting") || words.contains(" Log restarting")) {
            writer.gap(GapReason.SOURCE_LOST, 0, 0, words + ": entries that found no room are lost");
        }
    }

    private static boolean isContext(String text) {
        if (Reporter.of(text).isNamed()) {
            return true;
        }
        for (String start : CONTEXT) {
            if (text.startsWith(start)) {
                return true;
            }
        }
        // what ties the kernel's clock to the time of day
        boolean tellsTime = text.startsWith("rtc") && text.contains(": setting system clock to ");
        return tellsTime || text.startsWith("[Firmware Bug]: ") && text.contains("IOMMU");
    }

    private void unparsed(String text) {
        unparsed++;
        if (unparsedExamples.size() < EXAMPLES) {
            String shown = text.length() > EXAMPLE_LENGTH ? text.substring(0, EXAMPLE_LENGTH) + "…" : text;
            unparsedExamples.add(lines.place() + ": " + shown);
        }
    }

    private static void count(SortedMap<String, Long> counts, String what) {
        counts.merge(what, 1L, Long::sum);
    }

    SortedMap<String, Long> skipped() {
        return skipped;
    }

    SortedMap<String, Long> folded() {
        return folded;
    }

    long unparsed() {
        return unparsed;
    }

    List<String> unparsedExamples() {
        return unparsedExamples;
    }

    /** Entries of the event log written. */
    long entries() {
        return entries;
    }
}
