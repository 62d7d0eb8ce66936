package org.iorewind.model.iommu.register;

/**
 * The SMI filter registers 0060h to 00D8h (reference 1.3, 1.7, 1.9), present with SmiFSup=01b, as many as SmiFRC says.
 *
 * <pre>
 *   63                                18  17   16  15                  0
 *  ┌────────────────────────────────────┬────┬────┬─────────────────────┐
 *  │              reserved              │Lock│ DV │  DeviceID (SmiDID)  │
 *  └────────────────────────────────────┴────┴────┴─────────────────────┘
 * </pre>
 */
public final class SmiFilterDescriptor {
    /** The first register; the others follow, 8 bytes each. */
    public static final int FIRST = 0x0060;
    /** The last register that can exist. */
    public static final int LAST = 0x00D8;
    /** SmiDV: the register names a device. */
    public static final long VALID = 1L << 16;
    /** SmiFLock. */
    public static final long LOCK = 1L << 17;
    /** All defined bits. */
    public static final long WRITABLE = 0x3_FFFF;

    private static final long REQUESTER_MASK = 0xFFFF;
    private static final int SUPPORT_SHIFT = 16;
    private static final int COUNT_SHIFT = 18;
    private static final int MOST = 1 + (LAST - FIRST) / Long.BYTES;

    private SmiFilterDescriptor() {}

    /** How many filter registers there are, given EFR: 0 to 16. */
    public static int count(long features) {
        boolean isSupported = (features >>> SUPPORT_SHIFT & 3) == 1;
        return isSupported ? Math.min(1 << (int) (features >>> COUNT_SHIFT & 7), MOST) : 0;
    }

    /** Whether the offset is that of a filter register that can exist. */
    public static boolean isFilter(int register) {
        return register >= FIRST && register <= LAST;
    }

    /** Whether a filter register names this DeviceID. */
    public static boolean names(long filter, int requester) {
        return (filter & (VALID | REQUESTER_MASK)) == (VALID | requester);
    }
}
