package org.iorewind.analyze;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.iorewind.analyze.cost.CostCounter;
import org.iorewind.analyze.cost.CostRow;
import org.iorewind.analyze.cost.CostWatcher;
import org.iorewind.analyze.protocol.ProtocolAnalyzer;
import org.iorewind.analyze.protocol.Windows;
import org.iorewind.replay.Machine;
import org.iorewind.replay.ReplayListener;
import org.iorewind.replay.predicate.EventCounts;
import org.iorewind.trace.EventView;

/**
 * What a report counts, by event, so that its numbers lead to the events that they are made of: what costs are paid for, by the
 * names of {@link CostCounter}; {@code operation}, to which it counts; entries of page tables that began or ceased to map something,
 * and their bytes. One thread.
 */
public final class ReportCounts implements EventCounts {
    private final Map<String, Supplier<Object>> values = new TreeMap<>();
    private final List<ReplayListener> listeners = new ArrayList<>();
    private CostRow costs = new CostRow();
    private String operation = "";

    /** Has seen nothing. */
    public ReportCounts() {
        for (CostCounter counter : CostCounter.values()) {
            values.put(counter.key(), () -> costs.count(counter));
        }
        values.put("operation", () -> operation);
        listeners.add(new CostWatcher((event, name, counted) -> {
            costs = counted;
            operation = name;
        }));
        ProtocolAnalyzer protocol = new ProtocolAnalyzer();
        Windows windows = protocol.windows();
        grows("mappedEntries", windows::mappedEntries);
        grows("mappedBytes", windows::mappedBytes);
        grows("unmappedEntries", windows::unmappedEntries);
        grows("unmappedBytes", windows::unmappedBytes);
        listeners.add(protocol);
    }

    private void grows(String name, LongSupplier sum) {
        Growth growth = new Growth(sum);
        listeners.add(growth);
        values.put(name, growth::ofThisEvent);
    }

    /** By how much a sum has grown since an event began. */
    private static final class Growth implements ReplayListener {
        private final LongSupplier sum;
        private long before;

        private Growth(LongSupplier sum) {
            this.sum = sum;
        }

        @Override
        public void before(EventView event, Machine machine) {
            before = sum.getAsLong();
        }

        private Object ofThisEvent() {
            return sum.getAsLong() - before;
        }
    }

    @Override
    public List<ReplayListener> listeners() {
        return List.copyOf(listeners);
    }

    @Override
    public List<String> names() {
        return List.copyOf(values.keySet());
    }

    @Override
    public Object value(String name) {
        Supplier<Object> value = values.get(name);
        if (value == null) {
            throw new IllegalArgumentException("nothing of that name is counted: name=" + name);
        }
        return value.get();
    }
}
