package org.iorewind.analyze.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Counts of one operation or workload. Not thread-safe. */
public final class CostRow {
    private static final int SCALE = 2;

    private final long[] counts = new long[CostCounter.values().length];
    private long operations;

    /** Bit n: counter n was added to. An event touches a few of them, at most 64: adding and clearing look at no other. */
    private long touched;

    /** Nothing counted. */
    public CostRow() {}

    void operation() {
        operations++;
    }

    void add(CostCounter counter, long times) {
        counts[counter.ordinal()] += times;
        touched |= 1L << counter.ordinal();
    }

    /** Adds all counts of another row. */
    public void add(CostRow other) {
        operations += other.operations;
        touched |= other.touched;
        for (long rest = other.touched; rest != 0; rest &= rest - 1) {
            int i = Long.numberOfTrailingZeros(rest);
            counts[i] += other.counts[i];
        }
    }

    void clear() {
        operations = 0;
        for (; touched != 0; touched &= touched - 1) {
            counts[Long.numberOfTrailingZeros(touched)] = 0;
        }
    }

    /** How often the operation was done; of a workload the operations in it. */
    public long operations() {
        return operations;
    }

    /** How often something happened in all of them. */
    public long count(CostCounter counter) {
        return counts[counter.ordinal()];
    }

    /** How often it happened for each operation, to two digits; in all if there was none. */
    public BigDecimal each(CostCounter counter) {
        return each(BigDecimal.valueOf(count(counter)));
    }

    /** The weighted cost of all of them in ns. */
    public BigDecimal cost(UnitCosts costs) {
        BigDecimal sum = BigDecimal.ZERO;
        for (CostCounter counter : CostCounter.values()) {
            sum = sum.add(costs.of(counter).ns().multiply(BigDecimal.valueOf(count(counter))));
        }
        return sum;
    }

    /** A sum for each operation, to two digits. */
    public BigDecimal each(BigDecimal sum) {
        return sum.divide(BigDecimal.valueOf(Math.max(1, operations)), SCALE, RoundingMode.HALF_UP);
    }
}
