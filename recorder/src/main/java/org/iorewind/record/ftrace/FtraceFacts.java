package org.iorewind.record.ftrace;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.record.MmioWindow;
import org.iorewind.record.SourceDigest;
import org.iorewind.record.text.TextLines;
import org.iorewind.trace.TraceFormatException;

/**
 * What a first pass over the text finds out.
 *
 * @param lines in all
 * @param driverEvents lines of {@code iommu:*}
 * @param registerAccesses lines of {@code kvm:kvm_mmio} in the IOMMU's window
 * @param lossesNamed the text says that records were lost
 * @param timesKnown the trace clock counts seconds
 * @param idHigh high half of the session id
 * @param idLow low half
 */
record FtraceFacts(
        long lines,
        long driverEvents,
        long registerAccesses,
        boolean lossesNamed,
        boolean timesKnown,
        long idHigh,
        long idLow) {

    /**
     * Reads the files once.
     *
     * @throws TraceFormatException if no line has the shape of an event, or no event is one of an IOMMU
     */
    static FtraceFacts of(List<Path> files, MmioWindow window) {
        FtraceParser parser = new FtraceParser();
        SourceDigest digest = new SourceDigest();
        long events = 0;
        long driver = 0;
        long registers = 0;
        boolean lost = false;
        boolean times = false;
        try (TextLines lines = new TextLines(files)) {
            for (String text = lines.next(); text != null; text = lines.next()) {
                digest.line(text);
                FtraceLine line = parser.parse(text);
                lost |= line.type() == FtraceLine.Type.LOST;
                if (line.type() == FtraceLine.Type.EVENT) {
                    events++;
                    times |= line.timeNs() != FtraceLine.NO_TIME;
                    driver += DriverEvents.isOurs(line) ? 1 : 0;
                    registers += KvmMmio.isOurs(line) && KvmMmio.isInWindow(line, window) ? 1 : 0;
                }
            }
            if (driver + registers == 0) {
                throw nothing(files, window, lines.lines(), events);
            }
            long[] id = digest.halves();
            return new FtraceFacts(lines.lines(), driver, registers, lost, times, id[0], id[1]);
        }
    }

    private static TraceFormatException nothing(List<Path> files, MmioWindow window, long lines, long events) {
        String names = files.size() == 1 ? files.get(0).toString() : files.toString();
        String found =
                events == 0 ? "none in " + lines + " lines" : "none of them in " + events + " events of other kinds";
        return new TraceFormatException(
                names,
                "",
                "events iommu:*, or kvm:kvm_mmio at 0x" + Long.toHexString(window.base()),
                found,
                "trace with: trace-cmd record -e 'iommu:*' and import what trace-cmd report prints, or boot with"
                        + " trace_event=iommu:* and import /sys/kernel/tracing/trace");
    }

    String contract() {
        StringBuilder out = new StringBuilder("Text of Linux's ftrace. ");
        if (driverEvents > 0) {
            out.append("The driver's calls map, unmap, attach and those of groups are markers; map and unmap name"
                    + " neither device nor domain, and the same address occurs in several domains. The driver for"
                    + " AMD-Vi reports most faults to the kernel log only. ");
        }
        if (registerAccesses > 0) {
            out.append("Register accesses of a guest are recorded with their values, as KVM saw them; those of the"
                    + " VMM itself are not. ");
        } else {
            out.append("Register accesses are not recorded. ");
        }
        out.append("No requests of devices, no translations, no memory. ");
        out.append(
                lossesNamed
                        ? "The kernel says that it lost records: gaps stand where it says so, which may be later. "
                        : "The kernel names no lost records. ");
        out.append(
                timesKnown
                        ? "Times are those of the trace clock, most often since boot; the time of day is not known."
                        : "The trace clock does not count seconds: events have their order and no time.");
        return out.toString();
    }
}
