package org.iorewind.model.iommu.register;

/**
 * How DevTblSegEn cuts the device table into segments (reference 2.1).
 *
 * <pre>
 *   code  segments       15 14 13 12                              0
 *                       ┌──┬──┬──┬─────────────────────────────────┐
 *     0       1         │                 entry                    │
 *     1       2         │ s│              entry                    │
 *     2       4         │ segm│           entry                    │
 *     3       8         │ segment│        entry                    │
 *                       └──┴──┴──┴─────────────────────────────────┘
 *   segment 0 has its base and size in 0000h, segment n in 0100h + 8 * (n - 1)
 *   most pages: segment 0 200h, segment 1 100h, segments 2 and 3 80h, segments 4 to 7 40h
 * </pre>
 */
public final class SegmentDescriptor {
    private static final int REQUESTER_BITS = 16;
    private static final int REQUESTER_MASK = (1 << REQUESTER_BITS) - 1;

    private SegmentDescriptor() {}

    /**
     * Segment that a DeviceID belongs to, 0 to 7.
     *
     * @param requester DeviceID, 16 bits
     * @param code log2 of the number of segments, 0 to 3
     */
    public static int segment(int requester, int code) {
        return (requester & REQUESTER_MASK) >>> REQUESTER_BITS - code;
    }

    /**
     * Place of a DeviceID within its segment, in entries.
     *
     * @param requester DeviceID, 16 bits
     * @param code log2 of the number of segments, 0 to 3
     */
    public static int entry(int requester, int code) {
        return requester & REQUESTER_MASK >>> code;
    }

    /** Offset of the register that holds base and size of a segment, 0 to 7. */
    public static int baseRegister(int segment) {
        return segment == 0
                ? RegisterDescriptor.DEVICE_TABLE_BASE
                : RegisterDescriptor.SEGMENT_BASE_FIRST + (segment - 1) * Long.BYTES;
    }

    /** The Size field of a segment's register: as many bits as its largest size needs, 9 down to 6. */
    public static long sizeMask(int segment) {
        int halvings = Integer.SIZE - Integer.numberOfLeadingZeros(segment);
        return RegisterDescriptor.DEVICE_TABLE_SIZE_MASK >>> halvings;
    }
}
