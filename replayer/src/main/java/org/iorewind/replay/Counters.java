package org.iorewind.replay;

import java.util.SortedMap;
import java.util.TreeMap;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Feature;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.memory.MemoryStatus;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;

/** Counts events and what the model could not do. */
final class Counters implements EffectSink {
    private final long[] perTemplate = new long[1 << 16];
    private final long[] perFeature = new long[Feature.values().length];
    private final long[] perUse = new long[MemoryUse.values().length];
    private long events;
    private long gaps;
    private long lastTimeNs;
    private boolean ended;

    void event(EventView event) {
        events++;
        perTemplate[event.templateId()]++;
        lastTimeNs = event.timeNs();
        EventKind kind = event.kind();
        if (kind == EventKind.GAP) {
            gaps++;
        } else if (kind == EventKind.SESSION_END) {
            ended = true;
        }
    }

    @Override
    public void memoryFailure(MemoryUse use, long address, MemoryStatus status) {
        if (status == MemoryStatus.NOT_RECORDED) {
            perUse[use.ordinal()]++;
        }
    }

    @Override
    public void notModelled(Feature feature, long detail) {
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
}
