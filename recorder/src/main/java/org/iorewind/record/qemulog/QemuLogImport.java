package org.iorewind.record.qemulog;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import org.iorewind.record.ImportResult;
import org.iorewind.record.MeteredAppender;
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

    private static final String PLATFORM = "QEMU machine with amd-iommu";

    private QemuLogImport() {}

    /**
     * Reads a log once, to learn what it carries.
     *
     * @param files as for {@link #run}
     * @throws org.iorewind.record.UnsupportedSourceException if the files record another vendor's IOMMU
     * @throws org.iorewind.trace.TraceFormatException if a file cannot be read as a log
     */
    public static LogFacts survey(List<Path> files) {
        return LogSurvey.of(files);
    }

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
        SessionInfo session = Contract.session(facts, profile, "import qemu-log", PLATFORM, "");
        return assemble(facts, session, new FileLines(files), appender, progress);
    }

    /**
     * Imports records of the same events in another form than text: the same assemblers make the same events of them.
     *
     * @param files for messages
     * @param source opens the records; called twice
     * @param tool the importer's name
     * @param appender takes the events; stays open
     * @param options how to read
     * @param progress told now and then, in records
     * @throws org.iorewind.record.UnsupportedSourceException if the records are of another vendor's IOMMU
     * @throws org.iorewind.trace.TraceFormatException if they are of no IOMMU at all, or the source says so
     * @throws org.iorewind.trace.TraceStoreException if the appender cannot take an event
     */
    public static ImportResult records(
            List<Path> files,
            Supplier<? extends QemuRecordSource> source,
            String tool,
            EventAppender appender,
            ImportOptions options,
            Progress progress) {
        LogFacts facts = LogSurvey.of(files, new RecordLines(source.get()), false);
        String profile = options.profile().isEmpty() ? facts.profile() : options.profile();
        SessionInfo session = Contract.binarySession(facts, profile, tool, PLATFORM);
        return assemble(facts, session, new RecordLines(source.get()), appender, progress);
    }

    private static ImportResult assemble(
            LogFacts facts, SessionInfo session, LineSource source, EventAppender appender, Progress progress) {
        MeteredAppender counted = new MeteredAppender(appender);
        EventWriter writer = new EventWriter(counted);
        writer.at(0).sessionStart(session);
        try (LineWindow lines = new LineWindow(new ActionOrder(source))) {
            ImportContext context = new ImportContext(facts, lines, writer);
            EventAssembler assembler = new EventAssembler(context);
            assembler.run(progress);
            writer.sessionEnd(EndReason.SOURCE_ENDED, "end of the log");
            return new ImportResult(
                    lines.lines(),
                    counted.events(),
                    assembler.skipped(),
                    context.folded(),
                    assembler.unparsed(),
                    List.copyOf(assembler.unparsedExamples()),
                    session.profile(),
                    session.contract());
        }
    }
}
