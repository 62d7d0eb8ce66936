package org.iorewind.record.qemulog;

import java.util.SortedMap;
import java.util.TreeMap;
import org.iorewind.trace.EventWriter;

/** What the assemblers of one import share: the lines, the writer, the clock and the counters. */
final class ImportContext {
    final LogFacts facts;
    final LineWindow lines;
    final EventWriter writer;
    private final TreeMap<String, Long> folded = new TreeMap<>();
    private final long[] foldedEvents = new long[QemuEvent.values().length];

    /** Readings that came too late to show what the IOMMU used. */
    long lateReadings;

    /** Where the event log is, as far as a write to its base register told; 0: unknown. */
    long eventLogBase;

    private long nowNs;

    ImportContext(LogFacts facts, LineWindow lines, EventWriter writer) {
        this.facts = facts;
        this.lines = lines;
        this.writer = writer;
    }

    /** Sets the clock to the line's stamp; a line without one happens at the time of the line before. */
    void clock(LogLine line) {
        if (line.unixNs != LogLine.UNKNOWN) {
            nowNs = line.unixNs - facts.startUnixNs();
        }
        writer.at(nowNs);
    }

    /** Counts a line that repeats or qualifies another one. */
    void fold(LogLine line) {
        if (line.event == null) {
            folded.merge(line.label, 1L, Long::sum);
        } else {
            foldedEvents[line.event.ordinal()]++;
        }
    }

    /** Lines that {@link #fold} has counted, by their labels. */
    SortedMap<String, Long> folded() {
        SortedMap<String, Long> all = new TreeMap<>(folded);
        for (QemuEvent event : QemuEvent.values()) {
            long lines = foldedEvents[event.ordinal()];
            if (lines > 0) {
                all.merge(event.label(), lines, Long::sum);
            }
        }
        return all;
    }
}
