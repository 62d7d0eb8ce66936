package org.iorewind.model;

/**
 * A 64-bit hash over a stream of numbers and bytes, used to compare model states across machines and versions.
 *
 * <p>The function is part of the format of recorded state hashes and stays as it is for ever. It spreads every input bit
 * over the whole result, and is no defence against forgery. Each value advances the hash once, so the same values in
 * another order, or with another grouping of bytes, give another result. Not thread-safe; no method allocates.
 */
public final class StateHasher implements StateSink {
    private static final long SEED = 0x6A09E667F3BCC908L;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    private static final long FIRST_MIX = 0xBF58476D1CE4E5B9L;
    private static final long SECOND_MIX = 0x94D049BB133111EBL;

    private long state = SEED;
    private long count;

    /** A hasher that has seen nothing. */
    public StateHasher() {}

    @Override
    public void addLong(long value) {
        count++;
        state = mix(Long.rotateLeft(state, 23) + SPREAD ^ mix(value + SPREAD));
    }

    /**
     * Adds bytes: their number first, then the bytes in groups of eight, little-endian, the last one filled with zeros.
     *
     * @param source where the bytes are
     * @param offset index of the first byte
     * @param length how many, from 0
     * @throws IndexOutOfBoundsException when the range lies outside of the array
     */
    public void addBytes(byte[] source, int offset, int length) {
        if (offset < 0 || length < 0 || offset > source.length - length) {
            throw new IndexOutOfBoundsException("expected a range inside of " + source.length + " bytes, found offset="
                    + offset + " length=" + length);
        }
        addLong(length);
        for (int done = 0; done < length; done += Long.BYTES) {
            long word = 0;
            int take = Math.min(Long.BYTES, length - done);
            for (int i = 0; i < take; i++) {
                word |= (source[offset + done + i] & 0xFFL) << (8 * i);
            }
            addLong(word);
        }
    }

    /** The hash of everything added so far; adding may go on. */
    public long value() {
        return mix(state + count * SPREAD);
    }

    /** Forgets everything. */
    public void reset() {
        state = SEED;
        count = 0;
    }

    private static long mix(long value) {
        long z = value;
        z = (z ^ z >>> 30) * FIRST_MIX;
        z = (z ^ z >>> 27) * SECOND_MIX;
        return z ^ z >>> 31;
    }
}
