package org.iorewind.model.platform.guest;

/**
 * When an unmap takes effect (amd-viommu reference 8).
 *
 * @param queued unmaps that wait for one flush; 0 for none: each unmap flushes and waits itself
 */
public record FlushPolicy(int queued) {
    private static final int LINUX_QUEUE = 256;

    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is negative
     */
    public FlushPolicy {
        if (queued < 0) {
            throw new IllegalArgumentException("expected 0 or more unmaps for one flush, found " + queued);
        }
    }

    /** Each unmap flushes and waits: afterwards the device cannot reach the memory. */
    public static FlushPolicy strict() {
        return new FlushPolicy(0);
    }

    /**
     * Unmaps wait until there are {@code unmaps} of them, or until a tick: in between the device may still reach the memory,
     * by addresses that are not given away again before the flush.
     */
    public static FlushPolicy lazy(int unmaps) {
        return new FlushPolicy(unmaps);
    }

    /** The queue of Linux: 256 unmaps. */
    public static FlushPolicy lazy() {
        return lazy(LINUX_QUEUE);
    }

    /** Whether each unmap flushes itself. */
    public boolean isStrict() {
        return queued == 0;
    }
}
