package org.iorewind.analyze.performance;

import static org.assertj.core.api.Assertions.assertThat;

import org.HdrHistogram.Histogram;
import org.iorewind.analyze.performance.Distribution.Bucket;
import org.junit.jupiter.api.Test;

class DistributionTest {
    private static Distribution of(long... values) {
        Histogram histogram = new Histogram(1_000_000_000L, 2);
        for (long value : values) {
            histogram.recordValue(value);
        }
        return Distribution.of(histogram, 7);
    }

    @Test
    void bucketsReachFromTheFirstValueToTheLast() {
        assertThat(of(3, 7, 7, 9, 100).buckets())
                .containsExactly(
                        new Bucket(2, 5, 1),
                        new Bucket(5, 10, 3),
                        new Bucket(10, 20, 0),
                        new Bucket(20, 50, 0),
                        new Bucket(50, 100, 0),
                        new Bucket(100, 200, 1));
    }

    @Test
    void zeroHasABucketOfItsOwn() {
        assertThat(of(0, 0, 1).buckets()).containsExactly(new Bucket(0, 1, 2), new Bucket(1, 2, 1));
    }

    @Test
    void nothingHasNoBucket() {
        assertThat(of().buckets()).isEmpty();
    }

    @Test
    void noValueIsLost() {
        long[] values = new long[10_000];
        for (int i = 0; i < values.length; i++) {
            values[i] = (long) i * i * 7;
        }
        assertThat(of(values).buckets().stream().mapToLong(Bucket::count).sum()).isEqualTo(values.length);
    }
}
