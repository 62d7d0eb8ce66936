package org.iorewind.model.iommu.register;

/**
 * The mirrors of capability registers and what lies beside them (reference 1.2, 1.3, 1.9). Each quadword holds two
 * registers of 32 bits.
 *
 * <pre>
 *          63                             32 31                              0
 *         ┌─────────────────────────────────┬─────────────────────────────────┐
 *   0138h │ reserved                        │ DSFX: device-specific features  │
 *   0140h │ reserved                        │ DSCX: device-specific control   │  31:28 major, 27:24 minor revision,
 *   0148h │ reserved                        │ DSSX: device-specific status    │  23:0 implementation bits
 *   0150h │ 0154h MSI vector 1, 4:0 MsiNumGA│ 0150h MSI vector 0, read-only   │
 *   0158h │ 015Ch MSI address, low          │ 0158h MSI header, 22:20 MME, 16 enable
 *   0160h │ 0164h MSI data, 15:0            │ 0160h MSI address, high         │
 *   0168h │ 016Ch performance optimisation  │ 0168h MSI mapping, read-only    │
 *         └─────────────────────────────────┴─────────────────────────────────┘
 * </pre>
 */
public final class MirrorDescriptor {
    /** DSCX. */
    public static final int DEVICE_CONTROL = 0x0140;
    /** DSSX. */
    public static final int DEVICE_STATUS = 0x0148;
    /** MSI vectors 0 and 1. */
    public static final int MSI_VECTORS = 0x0150;
    /** MSI capability header and low half of the message address. */
    public static final int MSI_HEADER = 0x0158;
    /** High half of the message address, and message data. */
    public static final int MSI_MESSAGE = 0x0160;
    /** MSI mapping header and performance optimisation control. */
    public static final int MSI_MAPPING = 0x0168;

    /** Implementation bits of DSCX and DSSX. */
    public static final long DEVICE_BITS = 0xFF_FFFF;
    /** MsiNumGA, in 0150h. */
    public static final long MSI_VECTORS_WRITABLE = 0x1FL << 32;
    /** Multiple message enable, MSI enable and the message address, in 0158h. */
    public static final long MSI_HEADER_WRITABLE = 0xFFFF_FFFCL << 32 | 7L << 20 | 1L << 16;
    /** Message address and data, in 0160h. */
    public static final long MSI_MESSAGE_WRITABLE = 0xFFFFL << 32 | 0xFFFF_FFFFL;
    /** PerfOptEn, in 0168h. */
    public static final long PERFORMANCE_OPTIMISATION = 1L << 32 + 13;

    private MirrorDescriptor() {}

    /** Whether the offset is that of a register in which the MSI capability is mirrored. */
    public static boolean isMirror(int register) {
        return register >= MSI_VECTORS && register <= MSI_MAPPING;
    }
}
