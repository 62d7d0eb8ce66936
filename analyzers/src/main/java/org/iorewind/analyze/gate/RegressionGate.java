package org.iorewind.analyze.gate;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import org.iorewind.analyze.cost.CostComparison.Column;
import org.iorewind.analyze.cost.CostCounter;
import org.iorewind.analyze.cost.CostRow;
import org.iorewind.analyze.cost.CostTable;
import org.iorewind.analyze.cost.UnitCosts;
import org.jspecify.annotations.Nullable;

/**
 * Compares what two recordings of the same work cost.
 *
 * @param cost limit of the weighted cost: of all, of each workload, and of each operation per time it is done
 * @param counters limits of single counts, over all operations
 * @param costs what one of each thing costs
 */
public record RegressionGate(Limit cost, Map<CostCounter, Limit> counters, UnitCosts costs) {
    private static final String NANOSECONDS = "ns";

    /** Compares. */
    public GateResult check(Column base, Column now) {
        List<Check> checks = new ArrayList<>();
        checks.add(Check.of("cost of all", NANOSECONDS, sum(base.table()), sum(now.table()), cost));
        for (String name : CostTable.workloads(List.of(base.table(), now.table()))) {
            CostRow before = base.table().workloads().get(name);
            CostRow after = now.table().workloads().get(name);
            if (before != null && after != null) {
                checks.add(
                        Check.of("cost of workload " + name, NANOSECONDS, before.cost(costs), after.cost(costs), cost));
            }
        }
        for (String name : CostTable.order(List.of(base.table(), now.table()))) {
            @Nullable CostRow before = base.table().find(name);
            @Nullable CostRow after = now.table().find(name);
            // What is done in one recording only is in the cost of all; there is nothing to compare it with.
            if (before != null && after != null && before.operations() > 0 && after.operations() > 0) {
                checks.add(Check.of(
                        "cost of each " + name,
                        NANOSECONDS,
                        before.each(before.cost(costs)),
                        after.each(after.cost(costs)),
                        cost));
            }
        }
        counters.forEach((counter, limit) -> checks.add(Check.of(
                counter.words() + " (" + counter.key() + ")",
                "in all",
                count(base.table(), counter),
                count(now.table(), counter),
                limit)));
        return new GateResult(base.name(), now.name(), checks, base.divergences() + now.divergences());
    }

    private BigDecimal sum(CostTable table) {
        return table.operations().values().stream()
                .map(row -> row.cost(costs))
                .reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static BigDecimal count(CostTable table, CostCounter counter) {
        SortedMap<String, CostRow> rows = table.operations();
        return BigDecimal.valueOf(
                rows.values().stream().mapToLong(row -> row.count(counter)).sum());
    }
}
