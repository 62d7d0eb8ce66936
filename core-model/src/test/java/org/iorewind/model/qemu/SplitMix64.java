package org.iorewind.model.qemu;

/** The generator of Steele, Lea and Flood: the same numbers for a seed on every JVM, now and later. Not thread-safe. */
final class SplitMix64 {
    private static final long STEP = 0x9E37_79B9_7F4A_7C15L;

    private long state;

    SplitMix64(long seed) {
        state = seed;
    }

    long next() {
        state += STEP;
        return mix(state);
    }

    /** A well-spread function of one number. */
    static long mix(long number) {
        long z = (number ^ number >>> 30) * 0xBF58_476D_1CE4_E5B9L;
        z = (z ^ z >>> 27) * 0x94D0_49BB_1331_11EBL;
        return z ^ z >>> 31;
    }

    /** A number from 0 to {@code bound} less one. */
    int below(int bound) {
        return (int) Long.remainderUnsigned(next(), bound);
    }

    /** True once in {@code n} calls, on average. */
    boolean oneIn(int n) {
        return below(n) == 0;
    }

    long anyOf(long... values) {
        return values[below(values.length)];
    }
}
