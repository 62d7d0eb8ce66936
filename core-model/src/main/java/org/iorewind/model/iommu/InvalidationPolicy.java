package org.iorewind.model.iommu;

/**
 * When invalidation commands take effect (reference 3.1, 3.3): within the register write that rings the doorbell, or later,
 * as real hardware may, so that software which does not wait for completion can be caught. Immutable.
 *
 * @param isDelayed whether effects come late
 * @param seed chooses the delays; the same seed gives the same delays
 * @param maximum longest delay in inputs of the IOMMU, from 1; 1 is over before the next input
 */
public record InvalidationPolicy(boolean isDelayed, long seed, int maximum) {
    private static final int LONGEST = 1 << 20;
    private static final InvalidationPolicy IMMEDIATE = new InvalidationPolicy(false, 0, 1);

    /**
     * Checks the delay.
     *
     * @throws IllegalArgumentException if the maximum is not 1 to 2^20
     */
    public InvalidationPolicy {
        if (maximum < 1 || maximum > LONGEST) {
            throw new IllegalArgumentException("expected a maximum of 1 to " + LONGEST + " inputs, found " + maximum);
        }
    }

    /** Effects come at once. The default. */
    public static InvalidationPolicy immediate() {
        return IMMEDIATE;
    }

    /**
     * Effects come by chance, within a bound.
     *
     * @param seed chooses the delays
     * @param maximum longest delay in inputs of the IOMMU, 1 to 2^20
     */
    public static InvalidationPolicy delayed(long seed, int maximum) {
        return new InvalidationPolicy(true, seed, maximum);
    }
}
