package org.iorewind.record.kernellog;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.record.ImportResult;
import org.iorewind.record.MeteredAppender;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.Progress;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.StartState;

/**
 * Turns a kernel log into a trace of fidelity {@code log}: each entry of the IOMMU's event log that the kernel printed, as
 * far as it printed it, between the lines of the console that explain it. The same text gives the same events.
 *
 * <p>The files are read twice, line by line, in memory that does not grow with them. Several files are one log cut in
 * pieces, in the order given.
 */
public final class KernelLogImport {
    private static final int PROGRESS_LINES = 4096;
    private static final String PROFILE = "spec";

    /** What such a log can miss; part of every trace of one. */
    static final String CONTRACT =
            "A kernel log: what the AMD driver printed of the IOMMU's event log, and lines around it."
                    + " Nothing else was recorded: no request that was let through, no mapping, no command, no table, no register."
                    + " The kernel prints page faults of a device at a limited rate, drops those that a driver's handler takes,"
                    + " and cannot print entries that were lost because the log was full; where it says how many lines are"
                    + " missing there is a Gap. Of an entry only the fields that were printed are known: the domain's low 16 bits,"
                    + " and the address without what the IOMMU or QEMU left out. Times are those of the lines, when the driver"
                    + " printed them, not when the device was refused; the console's buffer and the journal may have lost lines"
                    + " at the beginning.";

    private KernelLogImport() {}

    /**
     * Imports a log.
     *
     * @param files plain, gzip or zstd text
     * @param appender takes the events; stays open
     * @param progress told now and then, in lines
     * @throws org.iorewind.record.UnsupportedSourceException if the files report faults of other vendors' IOMMUs only
     * @throws org.iorewind.trace.TraceFormatException if a file cannot be read as a kernel log
     * @throws org.iorewind.trace.TraceStoreException if the appender cannot take an event
     */
    public static ImportResult run(List<Path> files, EventAppender appender, Progress progress) {
        KernelLogFacts facts = KernelLogFacts.of(files);
        MeteredAppender counted = new MeteredAppender(appender);
        EventWriter writer = new EventWriter(counted);
        writer.at(0).sessionStart(session(facts));
        try (LogLines lines = new LogLines(files)) {
            NoticeAssembler assembler = new NoticeAssembler(lines, writer, new SessionClock());
            for (KernelLine line = lines.next(); line != null; line = lines.next()) {
                if (lines.lines() % PROGRESS_LINES == 0) {
                    progress.at(lines.lines(), facts.lines());
                }
                assembler.one(line);
            }
            assembler.end();
            writer.sessionEnd(EndReason.SOURCE_ENDED, "end of the log");
            return new ImportResult(
                    lines.lines(),
                    counted.events(),
                    assembler.skipped(),
                    assembler.folded(),
                    assembler.unparsed(),
                    List.copyOf(assembler.unparsedExamples()),
                    PROFILE,
                    CONTRACT);
        }
    }

    private static SessionInfo session(KernelLogFacts facts) {
        String kernel = facts.kernel();
        return new SessionInfo(
                facts.sessionIdHigh(),
                facts.sessionIdLow(),
                Fidelity.LOG,
                StartState.UNKNOWN,
                1,
                facts.startUnixNs(),
                0,
                facts.features(),
                facts.features2(),
                0,
                0,
                PROFILE,
                "import dmesg",
                "machine with AMD-Vi" + (kernel == null ? "" : ", " + kernel),
                CONTRACT);
    }
}
