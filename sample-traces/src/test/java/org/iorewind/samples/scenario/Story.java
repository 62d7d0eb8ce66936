package org.iorewind.samples.scenario;

import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.agrona.concurrent.UnsafeBuffer;
import org.iorewind.analyze.Analyses;
import org.iorewind.analyze.cost.CostComparison;
import org.iorewind.analyze.cost.CostTable;
import org.iorewind.analyze.rule.Finding;
import org.iorewind.replay.ReplayOptions;
import org.iorewind.replay.predicate.EventFilter;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventView;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.Traces;
import org.iorewind.trace.archive.ArchiveWriter;
import org.iorewind.trace.sbe.MemoryWriteDecoder;
import org.iorewind.trace.schema.EventTable;

/** A recorded scenario, to be asked by filters as {@code iorewind dump --filter} takes them. */
final class Story {
    private final EventTable table = EventTable.standard();
    private final Path trace;

    private Story(Path trace) {
        this.trace = trace;
    }

    static Story of(String name, Path folder) {
        Path trace = folder.resolve(name + ".iorw");
        try (ArchiveWriter writer = ArchiveWriter.create(trace)) {
            ScenarioRecorder.record(Scenarios.named(name).orElseThrow(), 1, writer);
        }
        return new Story(trace);
    }

    private void each(String filter, Consumer<EventView> use) {
        EventFilter wanted = EventFilter.compile(filter);
        try (TraceReader reader = Traces.open(trace);
                EventCursor cursor = reader.cursor()) {
            while (cursor.next()) {
                if (wanted.test(cursor.event())) {
                    use.accept(cursor.event());
                }
            }
        }
    }

    /** Number of events that a filter takes. */
    long count(String filter) {
        long[] count = new long[1];
        each(filter, event -> count[0]++);
        return count[0];
    }

    /** A number of each event that a filter takes, in order. */
    List<Long> values(String filter, String field) {
        List<Long> values = new ArrayList<>();
        each(
                filter,
                event -> values.add(table.rawValue(
                        event,
                        Objects.requireNonNull(
                                table.type(Objects.requireNonNull(event.kind())).field(field)))));
        return values;
    }

    /** The first eight bytes of each write to memory that a filter takes, in order. */
    List<Long> firstWords(String filter) {
        List<Long> words = new ArrayList<>();
        MemoryWriteDecoder write = new MemoryWriteDecoder();
        each(filter, event -> {
            write.wrap(event.buffer(), event.bodyOffset(), event.blockLength(), event.version());
            if (write.dataLength() >= Long.BYTES) {
                UnsafeBuffer data = new UnsafeBuffer(0, 0);
                write.wrapData(data);
                words.add(data.getLong(0, ByteOrder.LITTLE_ENDIAN));
            }
        });
        return words;
    }

    /** Addresses that devices wrote to, in order. */
    List<Long> reachedByDevices() {
        return values("kind == 'MemoryWrite' && from == 'DEVICE'", "address");
    }

    /** What the rules find. */
    List<Finding> findings() {
        try (TraceReader reader = Traces.open(trace)) {
            return Analyses.analyze(reader, ReplayOptions.defaults()).rules().findings();
        }
    }

    /** What the story cost. */
    CostTable costs() {
        try (TraceReader reader = Traces.open(trace)) {
            return CostComparison.Column.of(reader, trace.toString(), ReplayOptions.defaults())
                    .table();
        }
    }

    /** Sequence numbers of the events that a filter takes. */
    List<Long> places(String filter) {
        List<Long> places = new ArrayList<>();
        each(filter, event -> places.add(event.sequence()));
        return places;
    }
}
