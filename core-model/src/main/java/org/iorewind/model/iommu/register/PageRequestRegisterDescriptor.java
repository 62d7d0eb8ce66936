package org.iorewind.model.iommu.register;

/**
 * The registers beside the PPR log (reference 1.3, 1.9).
 *
 * <pre>
 *   2080h  63                                            5   4   3      0     with PprAutoRspSup
 *         ┌───────────────────────────────────────────────┬────┬─────────┐
 *         │                   reserved                    │mask│response │
 *         └───────────────────────────────────────────────┴────┴─────────┘
 *   2088h  63               32 31  30  29          15 14                0     with PprOvrflwEarlySup
 *         ┌───────────────────┬───┬───┬──────────────┬──────────────────┐
 *         │     reserved      │ En│Int│   reserved   │ threshold        │
 *         └───────────────────┴───┴───┴──────────────┴──────────────────┘
 * </pre>
 */
public final class PageRequestRegisterDescriptor {
    /** Automatic response. */
    public static final int AUTO_RESPONSE = 0x2080;
    /** Early overflow of log A. */
    public static final int EARLY_OVERFLOW = 0x2088;
    /** Early overflow of log B. */
    public static final int EARLY_OVERFLOW_B = 0x2090;
    /** Defined bits of 2080h. */
    public static final long AUTO_RESPONSE_WRITABLE = 0x1F;
    /** Enable, in 2088h. */
    public static final long EARLY_EN = 1L << 31;
    /** Interrupt enable, in 2088h. */
    public static final long EARLY_INT_EN = 1L << 30;
    /** Threshold in entries, in 2088h. */
    public static final long EARLY_THRESHOLD_MASK = 0x7FFF;
    /** Defined bits of 2088h. */
    public static final long EARLY_WRITABLE = EARLY_EN | EARLY_INT_EN | EARLY_THRESHOLD_MASK;

    private PageRequestRegisterDescriptor() {}

    /** Response code in 2080h, 0 to 15. */
    public static int responseCode(long register) {
        return (int) register & 0xF;
    }
}
