package org.iorewind.record.qemulog;

import java.util.ArrayDeque;
import org.iorewind.trace.sbe.GapReason;
import org.jspecify.annotations.Nullable;

/** Records as the lines that QEMU would have printed for them: the same event, the same numbers. */
final class RecordLines implements LineSource {
    private static final String OURS = "amdvi_";
    private static final long[] NO_VALUES = {};

    private final QemuRecordSource records;
    /** What stands at the place of the record last taken, and has not been given yet. */
    private final ArrayDeque<LogLine> more = new ArrayDeque<>();

    private long lastNs = LogLine.UNKNOWN;

    RecordLines(QemuRecordSource records) {
        this.records = records;
    }

    @Override
    public @Nullable LogLine next() {
        LogLine waiting = more.poll();
        if (waiting != null) {
            return waiting;
        }
        QemuRecord given = records.next();
        if (given == null) {
            return null;
        }
        if (given.timeNs() != LogLine.UNKNOWN) {
            lastNs = given.timeNs();
        }
        return switch (given.kind()) {
            case EVENT -> event(given);
            case LOST ->
                LogLine.lost(
                        lastNs,
                        writer -> writer.gap(GapReason.SOURCE_LOST, given.count(), 0, "dropped by QEMU before this"));
            case DAMAGED -> {
                more.add(LogLine.lost(lastNs, writer -> writer.gap(GapReason.DAMAGED, 0, 0, given.text())));
                yield line(LogLine.Type.UNPARSED, given, null, "");
            }
            case UNPARSED -> line(LogLine.Type.UNPARSED, given, null, "");
        };
    }

    private static LogLine event(QemuRecord given) {
        if (!given.name().startsWith(OURS)) {
            return line(LogLine.Type.OTHER, given, null, given.name());
        }
        QemuEvent event = QemuEvent.named(given.name());
        if (event == null || event.format().numbers() != given.numbers().length) {
            return line(LogLine.Type.UNPARSED, given, null, given.name());
        }
        return line(LogLine.Type.EVENT, given, event, event.label());
    }

    private static LogLine line(LogLine.Type type, QemuRecord given, @Nullable QemuEvent event, String label) {
        long[] values = event == null ? NO_VALUES : given.numbers();
        return new LogLine(type, given.text(), 0, given.timeNs(), LogLine.UNKNOWN, event, values, "", label);
    }

    @Override
    public @Nullable LogLine nextSoon() {
        return next();
    }

    @Override
    public long position() {
        return records.position();
    }

    @Override
    public String place(long position) {
        return records.place(position);
    }

    @Override
    public void close() {
        records.close();
    }
}
