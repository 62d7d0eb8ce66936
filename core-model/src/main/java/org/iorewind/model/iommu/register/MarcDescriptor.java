package org.iorewind.model.iommu.register;

/**
 * Relocation apertures (reference 1.3, 1.9, 7.4), present with MarcSup. Any code of MarcSup but 0 stands for all four
 * (MC-99).
 *
 * <pre>
 *   0200h + 18h * i   63        52 51                                  12 11         2  1   0
 *                    ┌────────────┬──────────────────────────────────────┬────────────┬───┬──┐
 *    + 00h           │  reserved  │           base [51:12]               │  reserved              │
 *    + 08h           │  reserved  │           relocation [51:12]         │  reserved  │ RO│En│
 *    + 10h           │  reserved  │           length [51:12]             │  reserved              │
 *                    └────────────┴──────────────────────────────────────┴────────────┴───┴──┘
 * </pre>
 */
public final class MarcDescriptor {
    /** Base of the first aperture. */
    public static final int FIRST = 0x0200;
    /** How many apertures there are. */
    public static final int APERTURES = 4;
    /** MarcSup, in EFR. */
    public static final long SUPPORT = 3L << 42;
    /** RelocEn. */
    public static final long ENABLE = 1;
    /** ReadOnly. */
    public static final long READ_ONLY = 2;

    private static final int BYTES = 0x18;
    private static final int LAST = FIRST + APERTURES * BYTES - Long.BYTES;
    private static final int RELOCATION = 0x08;
    private static final int LENGTH = 0x10;

    private MarcDescriptor() {}

    /** Whether the offset is that of an aperture's register. */
    public static boolean isAperture(int register) {
        return register >= FIRST && register <= LAST;
    }

    /** Bits of such a register that take writes. */
    public static long writable(int register) {
        boolean isRelocation = (register - FIRST) % BYTES == RELOCATION;
        return RegisterDescriptor.BASE_MASK | (isRelocation ? ENABLE | READ_ONLY : 0);
    }

    /** Offset of an aperture's base. */
    public static int base(int aperture) {
        return FIRST + aperture * BYTES;
    }

    /** Offset of an aperture's relocation. */
    public static int relocation(int aperture) {
        return base(aperture) + RELOCATION;
    }

    /** Offset of an aperture's length. */
    public static int length(int aperture) {
        return base(aperture) + LENGTH;
    }
}
