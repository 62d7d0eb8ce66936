package org.iorewind.analyze.cost;

import java.math.BigDecimal;
import java.util.List;

/**
 * From some operation on, operations of its kind cost more, or less, than before.
 *
 * @param operation name of the kind
 * @param sequence of the first event of the first operation of the new regime
 * @param ordinal of that operation among those of its kind, from 1
 * @param resolution how many operations are told apart: the change is at one of so many
 * @param operations of the regime before
 * @param otherOperations of the new regime
 * @param cost of one operation before: in ns, or in the counter that was asked for
 * @param otherCost of one operation of the new regime
 * @param counter that makes most of the difference
 * @param count of it for one operation before
 * @param otherCount of it for one operation of the new regime
 * @param sources what differs, in sums of all operations of each regime, most of each part first
 */
public record CostChange(
        String operation,
        long sequence,
        long ordinal,
        int resolution,
        long operations,
        long otherOperations,
        BigDecimal cost,
        BigDecimal otherCost,
        CostCounter counter,
        BigDecimal count,
        BigDecimal otherCount,
        List<SourceDifference> sources) {
    /** Copies the list. */
    public CostChange {
        sources = List.copyOf(sources);
    }

    CostChange with(List<SourceDifference> found) {
        return new CostChange(
                operation,
                sequence,
                ordinal,
                resolution,
                operations,
                otherOperations,
                cost,
                otherCost,
                counter,
                count,
                otherCount,
                found);
    }
}
