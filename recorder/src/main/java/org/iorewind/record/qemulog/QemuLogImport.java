package org.iorewind.record.qemulog;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.record.ImportResult;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.Progress;
import org.iorewind.trace.SessionInfo;
import org.iorewind.trace.sbe.EndReason;

/**
 * Turns the text of QEMU's {@code amdvi_*} trace events into a trace. The same text gives the same events, whatever the
 * file is called and however it is compressed.
 *
 * <p>The files are read twice: once to learn what they carry, once to write the events. Memory stays bounded by the look
 * ahead of one register access. Several files are one log cut in pieces, in the order given.
 */
public final class QemuLogImport {
    /** Where QEMU puts the registers: guest-physical address of the first byte. */
    public static final long MMIO_BASE = 0xFED8_0000L;

    private QemuLogImport() {}

    /**
     * Imports a log.
     *
     * @param files plain, gzip or zstd text
     * @param appender takes the events; stays open
     * @param options how to read
     * @param progress told now and then, in lines
     * @throws org.iorewind.record.UnsupportedSourceException if the files record another vendor's IOMMU
     * @throws org.iorewind.trace.TraceFormatException if a file cannot be read as a log
     * @throws org.iorewind.trace.TraceStoreException if the appender cannot take an event
     */
    public static ImportResult run(List<Path> files, EventAppender appender, ImportOptions options, Progress progress) {
        LogFacts facts = LogSurvey.of(files);
        String profile = options.profile().isEmpty() ? facts.profile() : options.profile();
        CountingAppender counted = new CountingAppender(appender);
        EventWriter writer = new EventWriter(counted);
        SessionInfo session = Contract.session(facts, profile, "import qemu-log", "QEMU machine with amd-iommu", "");
        writer.at(0).sessionStart(session);
        try (LineWindow lines = new LineWindow(new ActionOrder(new FileLines(files)))) {
            ImportContext context = new ImportContext(facts, lines, writer);
            EventAssembler assembler = new EventAssembler(context);
            assembler.run(progress);
            writer.sessionEnd(EndReason.SOURCE_ENDED, "end of the log");
            return new ImportResult(
                    lines.lines(),
                    counted.events(),
                    assembler.skipped(),
                    context.folded,
                    assembler.unparsed(),
                    List.copyOf(assembler.unparsedExamples()),
                    profile,
                    session.contract());
        }
    }
}
