package org.iorewind.trace.edit;

import org.iorewind.trace.EventAppender;
import org.iorewind.trace.EventView;
import org.iorewind.trace.EventWriter;
import org.iorewind.trace.sbe.CallPhase;
import org.iorewind.trace.sbe.LogEntryDecoder;
import org.iorewind.trace.sbe.LogKind;

/** Writes a log entry that somebody only tells of as a marker: what the driver read. Not thread-safe. */
final class EntryMarker {
    private static final int NO_DEVICE = -1;
    private static final long DEVICE = 0xFFFF;

    private final EventWriter writer;
    private final LogEntryDecoder entry = new LogEntryDecoder();

    EntryMarker(EventAppender out) {
        this.writer = new EventWriter(out);
    }

    void write(EventView event, long timeNs, int source) {
        entry.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
        boolean hasDevice = entry.log() == LogKind.EVENT && (entry.qword0Known() & DEVICE) == DEVICE;
        String words = "log=" + entry.log() + " qword0=" + known(entry.qword0(), entry.qword0Known()) + " qword1="
                + known(entry.qword1(), entry.qword1Known());
        writer.at(timeNs)
                .source(source)
                .iommu(event.iommu())
                .guest(event.guest())
                .driverCall(
                        CallPhase.POINT,
                        hasDevice ? (int) (entry.qword0() & DEVICE) : NO_DEVICE,
                        0,
                        entry.qword1Known() == 0 ? 0 : entry.qword1(),
                        0,
                        0,
                        "log_entry",
                        words);
    }

    private static String known(long value, long mask) {
        return "0x" + Long.toHexString(value) + "/0x" + Long.toHexString(mask);
    }
}
