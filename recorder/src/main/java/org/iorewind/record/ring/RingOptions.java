package org.iorewind.record.ring;

import java.time.Duration;
import org.iorewind.trace.intake.BackPressure;

/**
 * How a ring works.
 *
 * @param capacityBytes of the data area, a power of two, {@link RingDescriptor#MIN_CAPACITY} to
 *     {@link RingDescriptor#MAX_CAPACITY}; a record is at most an eighth of it long
 * @param policy what the writer does when the ring is full
 * @param waitLimit with {@link BackPressure#BLOCK}: how long a reader that is alive may not look into the ring before the
 *     writer goes on without it; zero for ever
 */
public record RingOptions(int capacityBytes, BackPressure policy, Duration waitLimit) {
    /** 16 MiB, which stay in a cache and take some 150,000 lines; blocking; a minute. */
    public static final RingOptions STANDARD = new RingOptions(16 << 20, BackPressure.BLOCK, Duration.ofMinutes(1));

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if the capacity is another one, or the limit negative
     */
    public RingOptions {
        if (capacityBytes < RingDescriptor.MIN_CAPACITY
                || capacityBytes > RingDescriptor.MAX_CAPACITY
                || Integer.bitCount(capacityBytes) != 1) {
            throw new IllegalArgumentException(
                    "not a power of two from 64 KiB to 1 GiB: capacityBytes=" + capacityBytes);
        }
        if (waitLimit.isNegative()) {
            throw new IllegalArgumentException("negative: waitLimit=" + waitLimit);
        }
    }
}
