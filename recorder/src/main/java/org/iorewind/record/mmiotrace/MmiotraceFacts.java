package org.iorewind.record.mmiotrace;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.record.MmioWindow;
import org.iorewind.record.SourceDigest;
import org.iorewind.record.UnsupportedSourceException;
import org.iorewind.record.text.TextLines;
import org.iorewind.trace.TraceFormatException;

/**
 * What a first pass finds out.
 *
 * @param lines in all
 * @param accesses to registers in the window
 * @param others to other devices
 * @param idHigh high half of the session id
 * @param idLow low half
 */
record MmiotraceFacts(long lines, long accesses, long others, long idHigh, long idLow) {
    private static final String VERSION = "20070824";

    /**
     * Reads the files once.
     *
     * @throws UnsupportedSourceException if it is another version
     * @throws TraceFormatException if it is no mmiotrace
     */
    static MmiotraceFacts of(List<Path> files, MmioWindow window) {
        SourceDigest digest = new SourceDigest();
        boolean version = false;
        long accesses = 0;
        long others = 0;
        try (TextLines lines = new TextLines(files)) {
            for (String text = lines.next(); text != null; text = lines.next()) {
                digest.line(text);
                MmiotraceLine line = MmiotraceLine.parse(text);
                if (line == null) {
                    continue;
                }
                switch (line.keyword()) {
                    case VERSION -> {
                        check(line.text(), lines.place());
                        version = true;
                    }
                    case R, W -> {
                        boolean ours = window.holds(line.address(), line.size());
                        accesses += ours ? 1 : 0;
                        others += ours ? 0 : 1;
                    }
                    default -> {}
                }
            }
            if (!version && accesses + others == 0) {
                throw new TraceFormatException(
                        files.size() == 1 ? files.get(0).toString() : files.toString(),
                        "",
                        "a text of mmiotrace: VERSION " + VERSION + ", then R and W lines",
                        "none in " + lines.lines() + " lines",
                        "echo mmiotrace > /sys/kernel/tracing/current_tracer, read trace_pipe (trace stays empty), then"
                                + " load the driver");
            }
            long[] id = digest.halves();
            return new MmiotraceFacts(lines.lines(), accesses, others, id[0], id[1]);
        }
    }

    private static void check(String version, String place) {
        if (!version.equals(VERSION)) {
            throw new UnsupportedSourceException(
                    place, "mmiotrace VERSION " + VERSION, "VERSION " + version, "look for a newer iorewind");
        }
    }

    String contract(MmioWindow window) {
        String at = "0x" + Long.toHexString(window.base());
        String registers = accesses > 0
                ? "Register accesses at " + at + " have their values, in the order of the kernel's trace. "
                : "There is no access to registers at " + at + ", and " + others
                        + " to other devices: a kernel maps its IOMMU's registers before mmiotrace can run. ";
        return "Text of Linux's mmiotrace. " + registers
                + "Only what was mapped while it ran is in it; accesses of other processors may be missing, since"
                + " mmiotrace wants one processor. No commands, no memory, no requests of devices. Times are since boot.";
    }
}
