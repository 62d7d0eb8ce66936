package org.iorewind.analyze.cost;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What one of each thing costs. Immutable. */
public final class UnitCosts {
    private final Map<CostCounter, UnitCost> costs = new EnumMap<>(CostCounter.class);

    /**
     * Takes the costs.
     *
     * @throws IllegalArgumentException if a counter has none
     */
    UnitCosts(List<UnitCost> list) {
        list.forEach(cost -> costs.put(cost.counter(), cost));
        if (costs.size() != CostCounter.values().length) {
            throw new IllegalArgumentException("expected a cost of every counter, found those of " + costs.keySet());
        }
    }

    /** The cost of one. */
    public UnitCost of(CostCounter counter) {
        return Objects.requireNonNull(costs.get(counter));
    }

    /** All, in the order of the counters. */
    public List<UnitCost> all() {
        return List.copyOf(costs.values());
    }
}
