package org.iorewind.model.platform.device;

/**
 * A descriptor of {@link RingNic}, 16 bytes.
 *
 * <pre>
 *  q0  63                                                        0
 *     ┌───────────────────────────────────────────────────────────┐
 *     │ address of the buffer, as the device is to issue it       │
 *     └───────────────────────────────────────────────────────────┘
 *  q1  63   62   61                    32 31                     0
 *     ┌────┬────┬────────────────────────┬────────────────────────┐
 *     │done│fail│ bytes moved            │ bytes of the buffer    │
 *     └────┴────┴────────────────────────┴────────────────────────┘
 * </pre>
 */
public final class NicDescriptor {
    /** Bytes of a descriptor. */
    public static final int BYTES = 16;
    /** Done, in q1: the device has written the descriptor back. */
    public static final long DONE = 1L << 63;
    /** Fail, in q1: the IOMMU refused some of the payload. */
    public static final long FAILED = 1L << 62;

    private static final int MOVED_SHIFT = 32;
    private static final int MOVED_MASK = (1 << 30) - 1;
    private static final int LENGTH_MASK = Integer.MAX_VALUE;

    private NicDescriptor() {}

    /** q1 of a descriptor for the device: the size of its buffer, up to 2^31 - 1. */
    public static long ready(int bufferBytes) {
        return bufferBytes;
    }

    /** Size of the buffer. */
    static int bufferBytes(long quadword1) {
        return (int) quadword1 & LENGTH_MASK;
    }

    /** q1 as the device writes it back. */
    static long done(long quadword1, int movedBytes, boolean isReached) {
        return quadword1 & 0xFFFF_FFFFL
                | (movedBytes & (long) MOVED_MASK) << MOVED_SHIFT
                | DONE
                | (isReached ? 0 : FAILED);
    }

    /** Bytes moved. */
    public static int movedBytes(long quadword1) {
        return (int) (quadword1 >>> MOVED_SHIFT) & MOVED_MASK;
    }
}
