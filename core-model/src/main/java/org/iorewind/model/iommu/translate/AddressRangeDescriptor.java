package org.iorewind.model.iommu.translate;

/**
 * Address ranges that are no memory (reference 7.2).
 *
 * <pre>
 *       FEE0_0000h ┌──────────────────────────┐
 *                  │ MSI window               │  writes are interrupt requests
 *       FEF0_0000h └──────────────────────────┘
 *   FD_0000_0000h  ┌──────────────────────────┐
 *                  │ HyperTransport ranges    │  unless EFR2[HtRangeIgnore]=1
 *  100_0000_0000h  └──────────────────────────┘
 * </pre>
 */
public final class AddressRangeDescriptor {
    /** First address of the MSI window. */
    public static final long MSI_FIRST = 0xFEE0_0000L;
    /** Last address of the MSI window. */
    public static final long MSI_LAST = 0xFEEF_FFFFL;
    /** First address of the HyperTransport ranges. */
    public static final long HYPER_TRANSPORT_FIRST = 0xFD_0000_0000L;
    /** Last address of the HyperTransport ranges. */
    public static final long HYPER_TRANSPORT_LAST = 0xFF_FFFF_FFFFL;

    private AddressRangeDescriptor() {}

    /** Whether an address lies in the MSI window. */
    public static boolean isMsi(long address) {
        return address >= MSI_FIRST && address <= MSI_LAST;
    }

    /** Whether an address lies in the HyperTransport ranges. */
    public static boolean isHyperTransport(long address) {
        return address >= HYPER_TRANSPORT_FIRST && address <= HYPER_TRANSPORT_LAST;
    }
}
