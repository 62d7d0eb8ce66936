package org.iorewind.model.iommu.register;

/**
 * The registers that hold the IOMMU's own interrupts under IntCapXTEn: 0170h events and completion, 0178h PPR log, 0180h
 * guest APIC log (reference 1.9).
 *
 * <pre>
 *   63             56 55        41  40  39      32 31                     8 7    3  2  1  0
 *  ┌─────────────────┬────────────┬────┬──────────┬────────────────────────┬──────┬──┬────┐
 *  │ destination high│  reserved  │mode│  vector  │    destination low     │ rsvd │DM│rsvd│
 *  └─────────────────┴────────────┴────┴──────────┴────────────────────────┴──────┴──┴────┘
 * </pre>
 */
public final class XtInterruptDescriptor {
    private static final long MESSAGE_BASE = 0xFEE0_0000L;
    private static final int MODE_BIT = 2;
    private static final int DESTINATION_SHIFT = 8;
    private static final int VECTOR_SHIFT = 32;
    private static final int DELIVERY_SHIFT = 40;
    private static final int HIGH_DESTINATION_SHIFT = 56;
    private static final int MESSAGE_DESTINATION_SHIFT = 12;
    private static final int MESSAGE_HIGH_DESTINATION_SHIFT = 32;
    private static final int MESSAGE_DELIVERY_SHIFT = 8;

    private XtInterruptDescriptor() {}

    /** Destination, all 32 bits. */
    public static int destination(long register) {
        long low = register >>> DESTINATION_SHIFT & 0xFF_FFFF;
        return (int) (low | register >>> HIGH_DESTINATION_SHIFT << 24);
    }

    /** Address of the message; destination bits 31:8 stand in its bits 63:40, as in a remapped message (MC-16). */
    public static long messageAddress(long register) {
        long destination = destination(register) & 0xFFFF_FFFFL;
        return MESSAGE_BASE
                | (destination & 0xFF) << MESSAGE_DESTINATION_SHIFT
                | (destination & ~0xFFL) << MESSAGE_HIGH_DESTINATION_SHIFT
                | register & 1L << MODE_BIT;
    }

    /** Data of the message: vector, and 1 in the delivery mode for lowest priority. */
    public static int messageData(long register) {
        int vector = (int) (register >>> VECTOR_SHIFT) & 0xFF;
        int mode = (int) (register >>> DELIVERY_SHIFT) & 1;
        return mode << MESSAGE_DELIVERY_SHIFT | vector;
    }
}
