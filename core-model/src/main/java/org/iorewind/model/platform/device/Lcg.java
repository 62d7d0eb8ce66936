package org.iorewind.model.platform.device;

/** Chance for devices: a linear congruential generator of 64 bits, whose high bits are used. Not thread-safe. */
final class Lcg {
    private static final long MULTIPLIER = 6364136223846793005L;
    private static final long INCREMENT = 1442695040888963407L;
    private static final int LOW_BITS = 33;

    private long state;

    /** The same seed gives the same numbers. */
    Lcg(long seed) {
        state = seed;
    }

    /** A number from 0 to {@code bound} - 1; {@code bound} is 1 to 2^31 - 1. */
    int below(int bound) {
        state = state * MULTIPLIER + INCREMENT;
        return (int) ((state >>> LOW_BITS) % bound);
    }
}
