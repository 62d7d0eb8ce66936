package org.iorewind.analyze.performance;

import org.HdrHistogram.Histogram;

/**
 * Values in short, with two significant digits.
 *
 * @param count number of values
 * @param median half of the values are at most this
 * @param p90 nine in ten
 * @param p99 ninety-nine in a hundred
 * @param largest of all
 * @param largestAt sequence number of the event with the largest, -1 if not known
 */
public record Distribution(long count, long median, long p90, long p99, long largest, long largestAt) {
    /** Of a histogram. */
    public static Distribution of(Histogram histogram, long largestAt) {
        return new Distribution(
                histogram.getTotalCount(),
                histogram.getValueAtPercentile(50),
                histogram.getValueAtPercentile(90),
                histogram.getValueAtPercentile(99),
                histogram.getMaxValue(),
                largestAt);
    }
}
