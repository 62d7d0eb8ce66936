package org.iorewind.record.simpletrace;

import java.nio.file.Path;
import java.util.List;
import org.iorewind.record.ImportResult;
import org.iorewind.record.qemulog.ImportOptions;
import org.iorewind.record.qemulog.QemuLogImport;
import org.iorewind.trace.EventAppender;
import org.iorewind.trace.Progress;

/**
 * Turns QEMU's binary trace into a trace: the same events as from the text of the same run, with times of the monotonic
 * clock. The file is read twice.
 */
public final class SimpleTraceImport {
    private SimpleTraceImport() {}

    /**
     * Imports a file.
     *
     * @param file plain, gzip or zstd
     * @param eventsFile QEMU's {@code trace-events-all}, of the same build
     * @param appender takes the events; stays open
     * @param options how to read; without a profile the declarations decide, then the records
     * @param progress told now and then, in records
     * @throws org.iorewind.record.UnsupportedSourceException if it is another version of the format, or records another
     *     vendor's IOMMU
     * @throws org.iorewind.trace.TraceFormatException if it is no such file, or no event in it is one of an IOMMU
     * @throws org.iorewind.trace.TraceStoreException if a file cannot be read, or the appender cannot take an event
     */
    public static ImportResult run(
            Path file, Path eventsFile, EventAppender appender, ImportOptions options, Progress progress) {
        EventDeclarations declarations = EventDeclarations.read(eventsFile);
        ImportOptions decided = options.profile().isEmpty() ? new ImportOptions(declarations.profile()) : options;
        return QemuLogImport.records(
                List.of(file),
                () -> new RecordReader(file, declarations),
                "import simpletrace",
                appender,
                decided,
                progress);
    }
}
