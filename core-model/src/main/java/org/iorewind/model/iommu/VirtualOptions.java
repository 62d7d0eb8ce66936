package org.iorewind.model.iommu;

/**
 * Where firmware put what hardware vIOMMU needs (amd-viommu reference 1.4, 2). Immutable; safe for any thread.
 *
 * @param device the IOMMU's own DeviceID, whose device table entry leads to the private address space
 * @param pageBase VF MMIO BAR: base of 256 MiB, aligned to its size
 * @param isPageEnabled Enable of that BAR
 * @param controlBase VF-control MMIO BAR: base of 4 MiB, aligned to its size
 * @param isControlEnabled Enable of that BAR
 */
public record VirtualOptions(
        int device, long pageBase, boolean isPageEnabled, long controlBase, boolean isControlEnabled) {
    /** Function 00:00.2, and both BARs placed and enabled, above 64 GiB. */
    public static final VirtualOptions DEFAULT = new VirtualOptions(2, 0x10_0000_0000L, true, 0x10_1000_0000L, true);

    private static final int DEVICE_MOST = 0xFFFF;
    private static final long PAGE_ALIGNMENT = 1L << 28;
    private static final long CONTROL_ALIGNMENT = 1L << 22;

    /**
     * Checks the DeviceID and the alignments.
     *
     * @throws IllegalArgumentException otherwise
     */
    public VirtualOptions {
        if (device < 0 || device > DEVICE_MOST) {
            throw new IllegalArgumentException("expected a DeviceID from 0 to " + DEVICE_MOST + ", found " + device);
        }
        requireAligned("VF", pageBase, PAGE_ALIGNMENT);
        requireAligned("VF-control", controlBase, CONTROL_ALIGNMENT);
    }

    private static void requireAligned(String bar, long base, long alignment) {
        if ((base & alignment - 1) != 0) {
            throw new IllegalArgumentException("expected a base of the " + bar + " BAR that is a multiple of 0x"
                    + Long.toHexString(alignment) + ", found 0x" + Long.toHexString(base));
        }
    }

    /** The same with another DeviceID. */
    public VirtualOptions withDevice(int newDevice) {
        return new VirtualOptions(newDevice, pageBase, isPageEnabled, controlBase, isControlEnabled);
    }
}
