package org.iorewind.analyze.cost;

import java.util.LinkedHashMap;
import java.util.Map;
import org.iorewind.model.iommu.TranslationDecision;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.trace.EventKind;
import org.iorewind.trace.EventView;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

/**
 * Tells kinds of operations apart, so that those of a kind can be compared with each other: calls by their name, requests by device,
 * hit or not, and outside of all calls the doorbells of each IOMMU. Not thread-safe.
 */
final class SeriesRecorder implements ReplayListener, CostWatcher.Operations {
    private static final int MOST_SERIES = 32;
    private static final int NOBODY = -1;

    private final Map<String, OperationSeries> series = new LinkedHashMap<>();
    private final Map<Long, String> names = new LinkedHashMap<>();
    private @Nullable OperationSeries lastRequest;
    private @Nullable OperationSeries counted;
    private int requester = NOBODY;

    /** All series, in the order in which they began. */
    Map<String, OperationSeries> series() {
        return series;
    }

    /** The series to which the last event belonged, null if to none. */
    @Nullable
    OperationSeries counted() {
        return counted;
    }

    @Override
    public void before(EventView event, Machine machine) {
        requester = NOBODY;
        counted = null;
    }

    @Override
    public void requestDecided(
            int id, long address, TranslationDecision decision, boolean isAnswered, boolean cacheHit) {
        requester = id;
    }

    @Override
    public void counted(EventView event, String operation, CostRow counts) {
        OperationSeries found = find(event, operation, counts);
        if (found != null) {
            found.add(counts);
        }
        counted = found;
    }

    private @Nullable OperationSeries find(EventView event, String operation, CostRow counts) {
        EventKind kind = event.kind();
        if (kind == EventKind.DMA_REQUEST || kind == EventKind.ATS_REQUEST) {
            lastRequest = requester == NOBODY ? null : begin(requests(event.iommu()), event);
            return lastRequest;
        }
        if (operation.equals(CostTable.HIT) || operation.equals(CostTable.MISS)) {
            return lastRequest;
        }
        if (operation.equals(CostTable.OTHER)) {
            boolean isDoorbell = kind == EventKind.MMIO_WRITE
                    && counts.count(CostCounter.HOST_COMMANDS) + counts.count(CostCounter.GUEST_COMMANDS) > 0;
            return isDoorbell ? begin("doorbells of IOMMU " + event.iommu(), event) : null;
        }
        return counts.operations() > 0 ? begin(operation, event) : series.get(operation);
    }

    private String requests(int iommu) {
        return names.computeIfAbsent(
                (long) iommu << 32 | requester,
                key -> "requests of " + EventTable.bdf(requester) + (iommu == 0 ? "" : " at IOMMU " + iommu));
    }

    private @Nullable OperationSeries begin(String name, EventView event) {
        OperationSeries found = series.get(name);
        if (found == null && series.size() < MOST_SERIES) {
            found = new OperationSeries(name);
            series.put(name, found);
        }
        if (found != null) {
            found.begin(event.sequence());
        }
        return found;
    }
}
