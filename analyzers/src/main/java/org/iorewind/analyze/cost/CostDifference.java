package org.iorewind.analyze.cost;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * How the cost of one operation differs between the first two traces of a comparison, and what makes most of it.
 *
 * @param operation its name
 * @param operationsA how often the first trace has it
 * @param operationsB how often the second one has it
 * @param costA all of them in the first trace, in ns
 * @param costB all of them in the second one, in ns
 * @param counter of which the difference costs most
 * @param countA of it in the first trace
 * @param countB of it in the second one
 */
public record CostDifference(
        String operation,
        long operationsA,
        long operationsB,
        BigDecimal costA,
        BigDecimal costB,
        CostCounter counter,
        long countA,
        long countB) {
    /** Operations that differ in cost, the largest difference first. */
    public static List<CostDifference> of(CostComparison comparison) {
        List<CostTable> tables = comparison.tables();
        List<CostDifference> all = new ArrayList<>();
        for (String operation : CostTable.order(tables)) {
            CostRow a = tables.get(0).operations().getOrDefault(operation, new CostRow());
            CostRow b = tables.get(1).operations().getOrDefault(operation, new CostRow());
            CostDifference difference = of(operation, a, b, comparison.costs());
            if (difference.size().signum() != 0) {
                all.add(difference);
            }
        }
        all.sort(Comparator.comparing(CostDifference::size).reversed());
        return all;
    }

    private static CostDifference of(String operation, CostRow a, CostRow b, UnitCosts costs) {
        CostCounter most = CostCounter.values()[0];
        BigDecimal mostNs = BigDecimal.valueOf(-1);
        for (CostCounter counter : CostCounter.values()) {
            BigDecimal delta = BigDecimal.valueOf(Math.abs(a.count(counter) - b.count(counter)));
            BigDecimal ns = costs.of(counter).ns().multiply(delta);
            if (ns.compareTo(mostNs) > 0) {
                most = counter;
                mostNs = ns;
            }
        }
        return new CostDifference(
                operation,
                a.operations(),
                b.operations(),
                a.cost(costs),
                b.cost(costs),
                most,
                a.count(most),
                b.count(most));
    }

    /** The difference, without its sign, in ns. */
    public BigDecimal size() {
        return costA.subtract(costB).abs();
    }
}
