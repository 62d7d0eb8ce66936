package org.iorewind.analyze.performance;

import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * Values in short, with two significant digits.
 *
 * @param count number of values
 * @param median half of the values are at most this
 * @param p90 nine in ten
 * @param p99 ninety-nine in a hundred
 * @param largest of all
 * @param largestAt sequence number of the event with the largest, -1 if not known
 * @param buckets how many values lie between 0, 1, 2, 5, 10, 20, 50 and so on; from the first that holds one to the last
 */
public record Distribution(
        long count, long median, long p90, long p99, long largest, long largestAt, List<Bucket> buckets) {
    private static final long[] STEPS = {1, 2, 5};
    private static final long TEN = 10;

    /**
     * How many values lie in a range.
     *
     * @param from the least
     * @param to the first beyond it
     * @param count how many
     */
    public record Bucket(long from, long to, long count) {}

    /** Copies the buckets. */
    public Distribution {
        buckets = List.copyOf(buckets);
    }

    /** Of a histogram. */
    public static Distribution of(Histogram histogram, long largestAt) {
        return new Distribution(
                histogram.getTotalCount(),
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(90),
                histogram.getValueAtPercentile(99),
                histogram.getMaxValue(),
                largestAt,
                buckets(histogram));
    }

    private static List<Bucket> buckets(Histogram histogram) {
        List<Bucket> buckets = new ArrayList<>();
        long from = 0;
        long to = 1;
        int step = 0;
        long decade = 1;
        long held = 0;
        for (HistogramIterationValue value : histogram.recordedValues()) {
            long least = histogram.lowestEquivalentValue(value.getValueIteratedTo());
            while (least >= to) {
                if (held > 0 || !buckets.isEmpty()) {
                    buckets.add(new Bucket(from, to, held));
                }
                held = 0;
                from = to;
                step = (step + 1) % STEPS.length;
                decade = step == 0 ? decade * TEN : decade;
                to = decade * STEPS[step];
            }
            held += value.getCountAtValueIteratedTo();
        }
        if (held > 0) {
            buckets.add(new Bucket(from, to, held));
        }
        return buckets;
    }
}
