package org.iorewind.trace.stats;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iorewind.trace.EventCursor;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.FrameDescriptor;
import org.iorewind.trace.Progress;
import org.iorewind.trace.TraceReader;
import org.iorewind.trace.archive.ArchiveReader;
import org.iorewind.trace.archive.StoredBytes;
import org.iorewind.trace.schema.EventField;
import org.iorewind.trace.schema.EventTable;
import org.iorewind.trace.schema.EventType;
import org.jspecify.annotations.Nullable;

/** Counts the bytes of a trace in one pass over its events and, for an archive, one over its directories. */
public final class TraceSizesReader implements StoredBytes {
    private static final String FRAME = "(frame)";
    private static final String VARIABLE = "(variable)";
    private static final String WHOLE = "(kept whole)";
    private static final int PROGRESS_EVENTS = 1 << 14;

    private final EventTable table = EventTable.standard();
    private final Map<Integer, Counter> counters = new TreeMap<>();
    private long structureBytes;
    private long orderBytes;
    private long columnBytes;

    private TraceSizesReader() {}

    /** Bytes of one kind; the columns keep the order in which they come first. */
    private static final class Counter {
        private final Map<String, long[]> columns = new LinkedHashMap<>();
        private long events;
        private long liveBytes;
        private long storedBytes;

        void live(String column, long bytes) {
            columns.computeIfAbsent(column, name -> new long[2])[0] += bytes;
        }

        void stored(String column, long bytes) {
            columns.computeIfAbsent(column, name -> new long[2])[1] += bytes;
            storedBytes += bytes;
        }
    }

    /**
     * Counts.
     *
     * @param trace to read
     * @param progress told now and then, in events
     * @throws org.iorewind.trace.TraceFormatException at the first byte that cannot be trusted
     */
    public static TraceSizes read(TraceReader trace, Progress progress) {
        return new TraceSizesReader().count(trace, progress);
    }

    private TraceSizes count(TraceReader trace, Progress progress) {
        long events = 0;
        long liveBytes = 0;
        try (EventCursor cursor = trace.cursor()) {
            while (cursor.next()) {
                live(cursor.event());
                liveBytes += cursor.event().frameLength();
                if (++events % PROGRESS_EVENTS == 0) {
                    progress.at(events, -1);
                }
            }
        }
        long storedBytes = 0;
        if (trace instanceof ArchiveReader archive) {
            archive.visitStored(this);
            try {
                storedBytes = Files.size(trace.path());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            // What no chunk holds: the file's header, index and trailer, and checkpoints.
            structureBytes = storedBytes - columnBytes - orderBytes;
        }
        List<TraceSizes.Kind> kinds = new ArrayList<>();
        counters.forEach((templateId, counter) -> kinds.add(kind(templateId, counter)));
        kinds.sort(Comparator.comparingLong(TraceSizes.Kind::liveBytes).reversed());
        return new TraceSizes(trace.storeKind(), events, liveBytes, storedBytes, structureBytes, orderBytes, kinds);
    }

    private static TraceSizes.Kind kind(int templateId, Counter counter) {
        List<TraceSizes.Column> columns = new ArrayList<>();
        counter.columns.forEach((name, bytes) -> columns.add(new TraceSizes.Column(name, bytes[0], bytes[1])));
        return new TraceSizes.Kind(name(templateId), counter.events, counter.liveBytes, counter.storedBytes, columns);
    }

    private static String name(int templateId) {
        @Nullable EventKind kind = EventKind.of(templateId);
        if (kind != null) {
            return kind.label();
        }
        return templateId == WHOLE_FRAMES ? WHOLE : "#" + templateId;
    }

    private Counter counter(int templateId) {
        return counters.computeIfAbsent(templateId, id -> new Counter());
    }

    private void live(EventView event) {
        Counter counter = counter(event.templateId());
        counter.events++;
        counter.liveBytes += event.frameLength();
        long rest = event.frameLength();
        @Nullable EventKind kind = event.kind();
        if (kind != null) {
            for (EventField field : table.type(kind).fields()) {
                if (table.has(event, field)) {
                    long bytes = field.form().isVariable()
                            ? FrameDescriptor.VARIABLE_LENGTH_BYTES + table.dataLength(event, field)
                            : field.sizeBytes();
                    counter.live(field.name(), bytes);
                    rest -= bytes;
                }
            }
        }
        counter.live(FRAME, rest);
    }

    @Override
    public void column(int templateId, int frameOffset, long bytes) {
        counter(templateId).stored(columnName(templateId, frameOffset), bytes);
        columnBytes += bytes;
    }

    private String columnName(int templateId, int frameOffset) {
        @Nullable EventKind kind = EventKind.of(templateId);
        @Nullable EventType type = kind == null ? null : table.type(kind);
        int offset = frameOffset - FrameDescriptor.HEADER_LENGTH;
        String name = VARIABLE;
        for (EventField field : type == null ? List.<EventField>of() : type.fields()) {
            if (!field.form().isVariable() && field.offset() == offset) {
                name = field.name();
            } else if (field.form().isVariable() && type != null && offset >= type.blockLength()) {
                // Short data that is a column of its own.
                name = field.name();
            }
        }
        return name;
    }

    @Override
    public void variable(int templateId, long bytes) {
        counter(templateId).stored(VARIABLE, bytes);
        columnBytes += bytes;
    }

    @Override
    public void order(long bytes) {
        orderBytes += bytes;
    }
}
