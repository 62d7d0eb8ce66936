package org.iorewind.model.iommu.register;

/**
 * DualEventLogEn and DualPprLogEn, two bits each in CONTROL, and what offers them in EFR (reference 1.5, 1.7, 4.5).
 *
 * <pre>
 *   code   log that is filled (MC-85)
 *    0     A
 *    1     B
 *   2, 3   A first; when the active one is full and the other has room, the other
 * </pre>
 *
 * <p>Any code of DualEventLogSup and DualPprLogSup but 0 offers all of it (MC-86).
 */
public final class DualLogDescriptor {
    /** Lowest bit of DualPprLogEn. */
    public static final int PPR_SHIFT = 30;
    /** Lowest bit of DualEventLogEn. */
    public static final int EVENT_SHIFT = 32;
    /** DualPprLogSup, in EFR. */
    public static final long PPR_SUPPORT = 3L << 24;
    /** DualEventLogSup, in EFR. */
    public static final long EVENT_SUPPORT = 3L << 28;

    private static final int ONLY_B = 1;

    private DualLogDescriptor() {}

    /** The code of an enable field, 0 to 3. */
    public static int code(long control, int shift) {
        return (int) (control >>> shift & 3);
    }

    /** Whether log B is the one to begin with. */
    public static boolean beginsWithB(int code) {
        return code == ONLY_B;
    }

    /** Whether the IOMMU goes over to the other log when one is full. */
    public static boolean swaps(int code) {
        return code > ONLY_B;
    }
}
