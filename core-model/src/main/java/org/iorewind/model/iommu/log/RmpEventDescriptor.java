package org.iorewind.model.iommu.log;

/**
 * The two events of the reverse map table under SNP (reference 4.3). The model has no such table: these entries are only
 * ever injected.
 *
 * <pre>
 *  q0  63  60 59          48 47                32 31      24 23        16 15         0
 *     ┌──────┬──────────────┬────────────────────┬──────────┬────────────┬────────────┐
 *     │ code │    flags     │      VMG tag       │ reserved │ RMP flags  │  DeviceID  │   RMP flags: D only
 *     └──────┴──────────────┴────────────────────┴──────────┴────────────┴────────────┘
 *  q1  D: guest physical address; E: system physical address, low 3 bits 0
 * </pre>
 */
public final class RmpEventDescriptor {
    private static final int RMP_FLAGS_SHIFT = 16;
    private static final long ADDRESS_MASK = ~7L;

    private RmpEventDescriptor() {}

    /**
     * First half of RMP_PAGE_FAULT.
     *
     * @param requester DeviceID, 16 bits
     * @param rmpFlags 8 bits
     * @param tag VMG tag, 16 bits
     * @param flags 12 bits
     */
    public static long pageFault(int requester, int rmpFlags, int tag, int flags) {
        return EventDescriptor.quadword0(EventDescriptor.RMP_PAGE_FAULT, flags, tag & 0xFFFF, requester)
                | (rmpFlags & 0xFFL) << RMP_FLAGS_SHIFT;
    }

    /**
     * First half of RMP_HARDWARE_ERROR.
     *
     * @param requester DeviceID, 16 bits
     * @param tag VMG tag, 16 bits
     * @param flags 12 bits
     */
    public static long hardwareError(int requester, int tag, int flags) {
        return EventDescriptor.quadword0(EventDescriptor.RMP_HARDWARE_ERROR, flags, tag & 0xFFFF, requester);
    }

    /** Second half of RMP_HARDWARE_ERROR. */
    public static long hardwareErrorAddress(long address) {
        return address & ADDRESS_MASK;
    }
}
