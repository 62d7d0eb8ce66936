package org.iorewind.analyze.cost;

import java.math.BigDecimal;
import java.util.Arrays;

/**
 * What one kind of operation cost, operation by operation; where they are too many, so many at a time. Bounded. Not thread-safe.
 */
final class OperationSeries {
    private static final int MOST_ITEMS = 1 << 15;
    private static final int COUNTERS = CostCounter.values().length;
    private static final long PS_PER_NS = 1000;
    private static final long MOST_PS = 1_000_000_000;

    private final String name;
    private long[] first = new long[64];
    private int[] counts = new int[64 * COUNTERS];
    private int items;
    private int perItem = 1;
    private int inLast;
    private long operations;

    OperationSeries(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** An operation begins. */
    void begin(long sequence) {
        operations++;
        if (items > 0 && inLast < perItem) {
            inLast++;
            return;
        }
        if (items == MOST_ITEMS) {
            merge();
        }
        if (items == first.length) {
            first = Arrays.copyOf(first, 2 * items);
            counts = Arrays.copyOf(counts, 2 * items * COUNTERS);
        }
        first[items++] = sequence;
        inLast = 1;
    }

    /** Two become one; their number is even. */
    private void merge() {
        for (int i = 0; i < items / 2; i++) {
            first[i] = first[2 * i];
            for (int c = 0; c < COUNTERS; c++) {
                counts[i * COUNTERS + c] = sum(counts[2 * i * COUNTERS + c], counts[(2 * i + 1) * COUNTERS + c]);
            }
        }
        items /= 2;
        Arrays.fill(counts, items * COUNTERS, counts.length, 0);
        perItem *= 2;
        inLast = perItem;
    }

    private static int sum(long a, long b) {
        return (int) Math.min(Integer.MAX_VALUE, a + b);
    }

    /** Something of the last operation that began was counted. */
    void add(CostRow row) {
        if (items == 0) {
            return;
        }
        for (CostCounter counter : CostCounter.values()) {
            int at = (items - 1) * COUNTERS + counter.ordinal();
            counts[at] = sum(counts[at], row.count(counter));
        }
    }

    int items() {
        return items;
    }

    /** How many operations an item is. */
    int perItem() {
        return perItem;
    }

    long operations() {
        return operations;
    }

    /** Sequence number of the first event of an item. */
    long first(int item) {
        return first[item];
    }

    /** A counter, item by item. */
    long[] counts(CostCounter counter) {
        long[] all = new long[items];
        for (int i = 0; i < items; i++) {
            all[i] = counts[i * COUNTERS + counter.ordinal()];
        }
        return all;
    }

    /** The weighted cost in ps, item by item. */
    long[] costs(UnitCosts costs) {
        long[] all = new long[items];
        for (CostCounter counter : CostCounter.values()) {
            long ps = ps(costs, counter);
            for (int i = 0; i < items; i++) {
                all[i] += ps * counts[i * COUNTERS + counter.ordinal()];
            }
        }
        return all;
    }

    /** What one costs, in ps, bounded. */
    static long ps(UnitCosts costs, CostCounter counter) {
        return Math.min(
                MOST_PS,
                costs.of(counter).ns().multiply(BigDecimal.valueOf(PS_PER_NS)).longValue());
    }
}
