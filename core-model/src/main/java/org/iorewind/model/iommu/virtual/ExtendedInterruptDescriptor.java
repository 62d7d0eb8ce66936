package org.iorewind.model.iommu.virtual;

/**
 * The table by which hardware vIOMMU posts its interrupts to guests: two levels, at the interrupt table root of the IOMMU's
 * own device table entry (amd-viommu reference 5.5). How its lengths are encoded is not known: they are not looked at.
 *
 * <pre>
 *   number of the source   17:16 type, 0 event log, 1 PPR log   15:0 GuestID
 *   level 1   index 17:8   8 bytes    51:6 level-2 table   0 valid
 *   level 2   index  7:0   16 bytes   a 128-bit interrupt table entry with GuestMode=1
 * </pre>
 */
final class ExtendedInterruptDescriptor {
    /** Type of event log and COMPLETION_WAIT. */
    static final int TYPE_EVENT = 0;
    /** Type of the PPR log. */
    static final int TYPE_PPR = 1;
    /** Valid, of a level-1 entry. */
    static final long VALID = 1;

    private static final int TYPE_SHIFT = 16;
    private static final int FIRST_SHIFT = 8;
    private static final int FIRST_BYTES = 8;
    private static final int SECOND_MASK = 0xFF;
    private static final int SECOND_BYTES = 16;
    private static final long POINTER_MASK = 0x000F_FFFF_FFFF_FFC0L;

    private ExtendedInterruptDescriptor() {}

    /** Number of a source. */
    static int number(int type, int guest) {
        return type << TYPE_SHIFT | guest;
    }

    /** Address of the level-1 entry of a source. */
    static long firstAddress(long root, int number) {
        return root + (long) (number >>> FIRST_SHIFT) * FIRST_BYTES;
    }

    /** Address of the level-2 entry of a source, from its level-1 entry. */
    static long secondAddress(long firstEntry, int number) {
        return (firstEntry & POINTER_MASK) + (long) (number & SECOND_MASK) * SECOND_BYTES;
    }
}
