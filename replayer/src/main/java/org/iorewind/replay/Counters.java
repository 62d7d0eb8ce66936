package org.iorewind.replay;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.Feature;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.jspecify.annotations.Nullable;

/** Counts events and what the model could not do. */
final class Counters implements Stateful {
    private static final int TEMPLATES = 1 << 16;
    private static final int KNOWN_TEMPLATES = 128;

    /** At least as long as the highest template id that was counted needs it. */
    private long[] perTemplate = new long[KNOWN_TEMPLATES];

    private final long[] perFeature = new long[Feature.values().length];
    private final long[] perUse = new long[MemoryUse.values().length];
    private long events;
    private long gaps;
    private long lastTimeNs;
    private long greatestTimeNs = Long.MIN_VALUE;
    private boolean ended;

    void event(EventView event, @Nullable EventKind kind) {
        events++;
        int template = event.templateId();
        if (template >= perTemplate.length) {
            growFor(template);
        }
        perTemplate[template]++;
        lastTimeNs = event.timeNs();
        greatestTimeNs = Math.max(greatestTimeNs, lastTimeNs);
        if (kind == EventKind.GAP) {
            gaps++;
        } else if (kind == EventKind.SESSION_END) {
            ended = true;
        }
    }

    void memoryFailure(MemoryUse use, MemoryStatus status) {
        if (status == MemoryStatus.NOT_RECORDED) {
            perUse[use.ordinal()]++;
        }
    }

    void notModelled(Feature feature) {
        perFeature[feature.ordinal()]++;
    }

    long events() {
        return events;
    }

    long gaps() {
        return gaps;
    }

    long lastTimeNs() {
        return lastTimeNs;
    }

    /** The latest time of all events so far, {@link Long#MIN_VALUE} before the first. */
    long greatestTimeNs() {
        return greatestTimeNs;
    }

    /** How many events of a template id there were. */
    long count(int templateId) {
        return templateId < perTemplate.length ? perTemplate[templateId] : 0;
    }

    boolean ended() {
        return ended;
    }

    SortedMap<String, Long> byKind() {
        SortedMap<String, Long> counts = new TreeMap<>();
        for (int id = 0; id < perTemplate.length; id++) {
            if (perTemplate[id] > 0) {
                EventKind kind = EventKind.of(id);
                counts.put(kind == null ? "#" + id : kind.label(), perTemplate[id]);
            }
        }
        return counts;
    }

    SortedMap<String, Long> notModelled() {
        SortedMap<String, Long> counts = new TreeMap<>();
        for (Feature feature : Feature.values()) {
            if (perFeature[feature.ordinal()] > 0) {
                counts.put(feature.name(), perFeature[feature.ordinal()]);
            }
        }
        return counts;
    }

    SortedMap<String, Long> notRecorded() {
        SortedMap<String, Long> counts = new TreeMap<>();
        for (MemoryUse use : MemoryUse.values()) {
            if (perUse[use.ordinal()] > 0) {
                counts.put(use.name(), perUse[use.ordinal()]);
            }
        }
        return counts;
    }

    private void growFor(int template) {
        perTemplate = Arrays.copyOf(perTemplate, Math.max(template + 1, 2 * perTemplate.length));
    }

    @Override
    public void saveTo(StateSink sink) {
        sink.addLong(events);
        sink.addLong(gaps);
        sink.addLong(lastTimeNs);
        sink.addLong(greatestTimeNs);
        sink.addLong(ended ? 1 : 0);
        for (int id = 0; id < perTemplate.length; id++) {
            if (perTemplate[id] > 0) {
                sink.addLong(id);
                sink.addLong(perTemplate[id]);
            }
        }
        sink.addLong(StateSink.END);
        addAll(sink, perFeature);
        addAll(sink, perUse);
    }

    private static void addAll(StateSink sink, long[] counts) {
        for (long count : counts) {
            sink.addLong(count);
        }
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        events = source.next();
        gaps = source.next();
        lastTimeNs = source.next();
        greatestTimeNs = source.next();
        ended = source.nextBelow(2) != 0;
        Arrays.fill(perTemplate, 0);
        for (int id = source.nextIndex(TEMPLATES); id >= 0; id = source.nextIndex(TEMPLATES)) {
            if (id >= perTemplate.length) {
                growFor(id);
            }
            perTemplate[id] = source.next();
        }
        Arrays.setAll(perFeature, i -> source.next());
        Arrays.setAll(perUse, i -> source.next());
    }
}
