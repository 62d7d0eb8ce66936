package org.iorewind.model.iommu.cache;

/**
 * How large a set-associative cache is. A cache of no sets is off: it finds nothing and keeps nothing.
 *
 * @param sets 0, or a power of two up to 2^20
 * @param ways 1 to 256; 0 when there are no sets
 */
public record CacheGeometry(int sets, int ways) {
    /** No cache. */
    public static final CacheGeometry OFF = new CacheGeometry(0, 0);

    private static final int MOST_SETS = 1 << 20;
    private static final int MOST_WAYS = 256;

    /**
     * Checks the bounds.
     *
     * @throws IllegalArgumentException outside of them
     */
    public CacheGeometry {
        boolean isOff = sets == 0 && ways == 0;
        if (!isOff && (Integer.bitCount(sets) != 1 || sets < 1 || sets > MOST_SETS)) {
            throw new IllegalArgumentException("expected a power of two from 1 to " + MOST_SETS + ", found " + sets);
        }
        if (!isOff && (ways < 1 || ways > MOST_WAYS)) {
            throw new IllegalArgumentException("expected 1 to " + MOST_WAYS + " ways, found " + ways);
        }
    }

    /** How many entries there are. */
    public int entries() {
        return sets * ways;
    }
}
