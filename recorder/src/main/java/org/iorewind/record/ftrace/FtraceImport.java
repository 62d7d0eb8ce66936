package org.iorewind.record.ftrace;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.record.ImportCounts;
import org.iorewind.record.ImportResult;
import org.iorewind.record.MmioWindow;
import org.iorewind.record.text.TextLines;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.Progress;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.sbe.EndReason;
import org.iorewind.trace.sbe.Fidelity;
import org.iorewind.trace.sbe.GapReason;
import org.iorewind.trace.sbe.StartState;

/**
 * Turns the text of Linux's ftrace into a trace. The files are read twice: once to learn what they carry, once to write the
 * events. Several files are one text cut in pieces.
 */
public final class FtraceImport {
    private static final int PROGRESS_LINES = 4096;

    private final EventWriter writer;
    private final DriverEvents driver;
    private final KvmMmio kvm;
    private final ImportCounts counts = new ImportCounts();
    private long nowNs;

    private FtraceImport(EventAppender appender, MmioWindow window) {
        this.writer = new EventWriter(appender);
        this.driver = new DriverEvents(writer);
        this.kvm = new KvmMmio(writer, window);
    }

    /**
     * Imports a text.
     *
     * @param files plain, gzip or zstd text of tracefs or of {@code trace-cmd report}
     * @param appender takes the events, and has none yet; stays open
     * @param window where the IOMMU's registers lie in the guest's physical memory, for {@code kvm:kvm_mmio}
     * @param progress told now and then, in lines
     * @throws org.iorewind.trace.TraceFormatException if a file cannot be read as such a text
     * @throws org.iorewind.trace.TraceStoreException if the appender cannot take an event
     */
    public static ImportResult run(List<Path> files, EventAppender appender, MmioWindow window, Progress progress) {
        FtraceFacts facts = FtraceFacts.of(files, window);
        FtraceImport work = new FtraceImport(appender, window);
        SessionInfo session = session(facts, window);
        work.writer.sessionStart(session);
        try (TextLines lines = new TextLines(files)) {
            FtraceParser parser = new FtraceParser();
            for (String text = lines.next(); text != null; text = lines.next()) {
                if (lines.lines() % PROGRESS_LINES == 0) {
                    progress.at(lines.lines(), facts.lines());
                }
                work.line(parser.parse(text), text, lines);
            }
            work.kvm.end();
            long last = work.writer.at(work.nowNs).sessionEnd(EndReason.SOURCE_ENDED, "end of the text");
            return work.counts.result(lines.lines(), last + 1, session.profile(), session.contract());
        }
    }

    private void line(FtraceLine line, String text, TextLines lines) {
        if (line.timeNs() != FtraceLine.NO_TIME) {
            nowNs = line.timeNs();
        }
        writer.at(nowNs);
        switch (line.type()) {
            case LOST -> {
                String where = line.cpu() < 0 ? "overwritten before the first event" : "CPU " + line.cpu();
                writer.gap(GapReason.SOURCE_LOST, line.lost(), 0, where);
            }
            case EVENT -> event(line, text, lines);
            case OTHER -> {
                if (text.contains("IOMMU:") || text.contains("kvm_mmio")) {
                    counts.unparsed(lines.place(), text);
                } else {
                    counts.skip(line.event());
                }
            }
        }
    }

    private void event(FtraceLine line, String text, TextLines lines) {
        if (DriverEvents.isOurs(line)) {
            if (!driver.line(line)) {
                counts.unparsed(lines.place(), text);
            }
        } else if (KvmMmio.isOurs(line)) {
            switch (kvm.line(line, nowNs)) {
                case WRITTEN -> {}
                case FOLDED -> counts.fold("kvm_mmio unsatisfied-read");
                case OTHER_DEVICE -> counts.skip("kvm_mmio of another device");
                case UNPARSED -> counts.unparsed(lines.place(), text);
            }
        } else {
            counts.skip(line.event());
        }
    }

    private static SessionInfo session(FtraceFacts facts, MmioWindow window) {
        return new SessionInfo(
                facts.idHigh(),
                facts.idLow(),
                Fidelity.LOG,
                StartState.UNKNOWN,
                1,
                0,
                facts.registerAccesses() > 0 ? window.base() : 0,
                0,
                0,
                0,
                0,
                "spec",
                "import ftrace",
                "Linux machine",
                facts.contract());
    }
}
