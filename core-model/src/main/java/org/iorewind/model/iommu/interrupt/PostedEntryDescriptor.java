package org.iorewind.model.iommu.interrupt;

/**
 * A 128-bit interrupt table entry with GuestMode=1 (reference 8.6), and the page it points to (reference 5.4). Fields
 * marked * are never cached.
 *
 * <pre>
 *  low   63              32 31                 8  7   6   5  4   3   2   1   0
 *       ┌──────────────────┬────────────────────┬───┬───┬──────┬───┬───┬───┬───┐
 *       │      GATag *     │ destination[23:0] *│GM=1│Run*│ rsvd │PPI│Log│SIO│ En│
 *       └──────────────────┴────────────────────┴───┴───┴──────┴───┴───┴───┴───┘
 *  high  63          56 55  52 51                            12 11   8 7       0
 *       ┌──────────────┬──────┬────────────────────────────────┬──────┬─────────┐
 *       │dest. [31:24]*│ rsvd │ guest vAPIC root [51:12]       │ rsvd │ vector  │
 *       └──────────────┴──────┴────────────────────────────────┴──────┴─────────┘
 *  page  200h + 10h * (vector / 32): 32 bits of the interrupt request register (IRR)
 * </pre>
 */
public final class PostedEntryDescriptor {
    /** GALogIntr: log the interrupt while the guest does not run. */
    public static final long LOG = 1L << 2;
    /** IsRun: the guest runs. */
    public static final long IS_RUN = 1L << 6;
    /** Bits 5:4 of the low half. */
    public static final long RESERVED_LOW = 0x30;
    /** Bits 55:52 and 11:8 of the high half. */
    public static final long RESERVED_HIGH = 0x00F0_0000_0000_0F00L;
    /** Fields of the low half that are read from memory each time: GATag, destination, IsRun. */
    public static final long FRESH_LOW = 0xFFFF_FFFF_FFFF_FF00L | IS_RUN;
    /** Fields of the high half that are read from memory each time: destination. */
    public static final long FRESH_HIGH = 0xFF00_0000_0000_0000L;

    private static final long ROOT_MASK = 0x000F_FFFF_FFFF_F000L;
    private static final int TAG_SHIFT = 32;
    private static final int REQUESTS_OFFSET = 0x200;
    private static final int REQUESTS_STRIDE = 0x10;
    private static final int REQUESTS_BITS = 32;

    private PostedEntryDescriptor() {}

    /** Whether a reserved bit is set. */
    public static boolean hasReservedBit(long low, long high) {
        return (low & RESERVED_LOW | high & RESERVED_HIGH) != 0;
    }

    /** GATag, 32 bits. */
    public static int tag(long low) {
        return (int) (low >>> TAG_SHIFT);
    }

    /** System physical address of the IRR bits that hold the entry's vector, a multiple of 16. */
    public static long requestsAddress(long high) {
        int word = InterruptEntryDescriptor.longVector(high) / REQUESTS_BITS;
        return (high & ROOT_MASK) + REQUESTS_OFFSET + (long) word * REQUESTS_STRIDE;
    }

    /** The vector's bit in the 32 bits at {@link #requestsAddress}. */
    public static long requestBit(long high) {
        return 1L << InterruptEntryDescriptor.longVector(high) % REQUESTS_BITS;
    }
}
