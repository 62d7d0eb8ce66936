package org.iorewind.record.mmiotrace;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
import org.iorewind.trace.sbe.MmioSpace;
import org.iorewind.trace.sbe.RegisterReport;
import org.iorewind.trace.sbe.StartState;

/** Turns the text of Linux's mmiotrace into a trace. The files are read twice; several are one text cut in pieces. */
public final class MmiotraceImport {
    private static final int PROGRESS_LINES = 4096;
    private static final Pattern LOST = Pattern.compile("Lost (\\d{1,18}) events\\.?\\s*+");

    private final EventWriter writer;
    private final MmioWindow window;
    private final PciBars bars = new PciBars();
    private final ImportCounts counts = new ImportCounts();
    private long nowNs;

    private MmiotraceImport(EventAppender appender, MmioWindow window) {
        this.writer = new EventWriter(appender);
        this.window = window;
    }

    /**
     * Imports a text. Without an access to the IOMMU's registers the trace has none, and its contract says so.
     *
     * @param files plain, gzip or zstd text of {@code trace_pipe}
     * @param appender takes the events, and has none yet; stays open
     * @param window where the IOMMU's registers lie
     * @param progress told now and then, in lines
     * @throws org.iorewind.record.UnsupportedSourceException if it is another version of the format
     * @throws org.iorewind.trace.TraceFormatException if a file cannot be read as such a text
     * @throws org.iorewind.trace.TraceStoreException if the appender cannot take an event
     */
    public static ImportResult run(List<Path> files, EventAppender appender, MmioWindow window, Progress progress) {
        MmiotraceFacts facts = MmiotraceFacts.of(files, window);
        MmiotraceImport work = new MmiotraceImport(appender, window);
        SessionInfo session = session(facts, window);
        work.writer.sessionStart(session);
        try (TextLines lines = new TextLines(files)) {
            for (String text = lines.next(); text != null; text = lines.next()) {
                if (lines.lines() % PROGRESS_LINES == 0) {
                    progress.at(lines.lines(), facts.lines());
                }
                MmiotraceLine line = MmiotraceLine.parse(text);
                if (line == null || !work.line(line)) {
                    work.counts.unparsed(lines.place(), text);
                }
            }
            long last = work.writer.sessionEnd(EndReason.SOURCE_ENDED, "end of the text");
            return work.counts.result(lines.lines(), last + 1, session.profile(), session.contract());
        }
    }

    private boolean line(MmiotraceLine line) {
        if (line.timeNs() != 0) {
            nowNs = line.timeNs();
        }
        writer.at(nowNs);
        switch (line.keyword()) {
            case VERSION, LSPCI, UNMAP, NOTHING -> counts.fold(line.keyword().name());
            case PCIDEV -> {
                if (!bars.line(line.text())) {
                    return false;
                }
                counts.fold("PCIDEV");
            }
            case MAP -> map(line);
            case R, W -> access(line);
            case UNKNOWN -> {
                if (window.holds(line.address(), 1)) {
                    String where = "an access at offset 0x" + Long.toHexString(window.offset(line.address()));
                    writer.gap(
                            GapReason.SOURCE_LOST, 1, 0, where + " by an instruction not understood, " + line.text());
                } else {
                    counts.skip(bars.label(line.address()));
                }
            }
            case MARK -> {
                Matcher lost = LOST.matcher(line.text());
                if (lost.matches()) {
                    writer.gap(GapReason.SOURCE_LOST, Long.parseLong(lost.group(1)), 0, "before this");
                } else {
                    writer.mark(0, line.text());
                }
            }
        }
        return true;
    }

    private void map(MmiotraceLine line) {
        long end = line.address() + line.size();
        boolean ours = line.address() < window.base() + MmioWindow.BYTES && end > window.base() && line.address() >= 0;
        if (ours) {
            writer.mark(0, "the IOMMU's registers are mapped at virtual 0x" + Long.toHexString(line.value()));
        } else {
            counts.fold("MAP");
        }
    }

    private void access(MmiotraceLine line) {
        if (!window.holds(line.address(), line.size())) {
            counts.skip(bars.label(line.address()));
            return;
        }
        int size = (int) line.size();
        long offset = window.offset(line.address());
        if (line.keyword() == MmiotraceLine.Keyword.W) {
            writer.mmioWrite(MmioSpace.HOST, size, offset, line.value());
        } else {
            writer.mmioRead(MmioSpace.HOST, size, offset);
            writer.mmioReadValue(MmioSpace.HOST, size, RegisterReport.READ, offset, line.value());
        }
    }

    private static SessionInfo session(MmiotraceFacts facts, MmioWindow window) {
        return new SessionInfo(
                facts.idHigh(),
                facts.idLow(),
                Fidelity.LOG,
                StartState.UNKNOWN,
                1,
                0,
                window.base(),
                0,
                0,
                0,
                0,
                "spec",
                "import mmiotrace",
                "Linux machine",
                facts.contract(window));
    }
}
