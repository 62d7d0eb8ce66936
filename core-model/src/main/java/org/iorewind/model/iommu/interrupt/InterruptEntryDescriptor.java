package org.iorewind.model.iommu.interrupt;

/**
 * Interrupt table entries (reference 8.4 to 8.6) and the message they act on (reference 8.1).
 *
 * <pre>
 *  32 bits   31     24 23    16 15     8  7  6  5  4   2  1  0
 *           ┌─────────┬────────┬────────┬──┬──┬──┬──────┬──┬──┐
 *           │ reserved│ vector │  dest  │GM│DM│RE│IntTyp│SI│RE│
 *           └─────────┴────────┴────────┴──┴──┴──┴──────┴──┴──┘
 *  128 bits, low half: 31:8 destination[23:0], 7 GuestMode, 6 DM, 5 RqEoi, 4:2 IntType, 1 SupIOPF, 0 RemapEn
 *            high half: 63:56 destination[31:24], 55:8 reserved, 7:0 vector
 *  message   address: 63:40 destination[31:8], 19:12 destination[7:0], 3 RH, 2 DM
 *            data:    15 trigger, 14 level, 10:8 delivery mode, 7:0 vector; as an index 10:0
 * </pre>
 */
public final class InterruptEntryDescriptor {
    /** RemapEn. */
    public static final long REMAP_EN = 1;
    /** SupIOPF: report no fault of this entry. */
    public static final long SUPPRESS_FAULTS = 2;
    /** RqEoi. */
    public static final long REQUEST_EOI = 1L << 5;
    /** DM. */
    public static final long DESTINATION_MODE = 1L << 6;
    /** GuestMode. */
    public static final long GUEST_MODE = 1L << 7;
    /** Reserved bits of a 32-bit entry. */
    public static final long RESERVED_SHORT = 0xFF00_0000L;
    /** Reserved bits of the high half of a 128-bit entry. */
    public static final long RESERVED_HIGH = 0x00FF_FFFF_FFFF_FF00L;
    /** Bytes of a short entry. */
    public static final int SHORT_BYTES = 4;
    /** Bytes of a long entry. */
    public static final int LONG_BYTES = 16;
    /** Bits of the data that are the index into the table. */
    public static final int INDEX_MASK = 0x7FF;
    /** Largest IntType that is not reserved. */
    public static final int TYPE_MOST = 1;

    /** Lowest bit of the delivery mode in the data. */
    public static final int DELIVERY_SHIFT = 8;
    /** DM in the message's address. */
    public static final int MESSAGE_MODE_SHIFT = 2;
    /** RH in the message's address. */
    public static final int MESSAGE_HINT_SHIFT = 3;
    /** Destination[7:0] in the message's address. */
    public static final int MESSAGE_DESTINATION_SHIFT = 12;
    /** Destination[31:8] in the message's address, above bit 40. */
    public static final int MESSAGE_HIGH_DESTINATION_SHIFT = 32;
    /** Level in the message's data. */
    public static final int MESSAGE_LEVEL = 1 << 14;

    private InterruptEntryDescriptor() {}

    /** IntType, 0 to 7. */
    public static int type(long low) {
        return (int) (low >>> 2) & 7;
    }

    /** Destination of a short entry. */
    public static int shortDestination(long entry) {
        return (int) (entry >>> 8) & 0xFF;
    }

    /** Vector of a short entry. */
    public static int shortVector(long entry) {
        return (int) (entry >>> 16) & 0xFF;
    }

    /** 32-bit destination of a long entry. */
    public static int longDestination(long low, long high) {
        return (int) (low >>> 8) & 0xFF_FFFF | (int) (high >>> 56) << 24;
    }

    /** Vector of a long entry. */
    public static int longVector(long high) {
        return (int) high & 0xFF;
    }

    /** Delivery mode of a message, 0 to 7. */
    public static int deliveryMode(int data) {
        return data >>> DELIVERY_SHIFT & 7;
    }

    /** Whether a message has DM=1. */
    public static boolean isLogical(long address) {
        return (address >>> MESSAGE_MODE_SHIFT & 1) != 0;
    }

    /** A short entry that remaps to a fixed vector of one physical destination, 8 bits. */
    public static long shortEntry(int vector, int destination) {
        return (vector & 0xFFL) << 16 | (destination & 0xFFL) << 8 | REMAP_EN;
    }

    /** The low half of a long entry that remaps to a fixed vector of one physical destination, 32 bits. */
    public static long longEntryLow(int destination) {
        return (destination & 0xFF_FFFFL) << 8 | REMAP_EN;
    }

    /** The high half of it. */
    public static long longEntryHigh(int vector, int destination) {
        return (long) (destination >>> 24) << 56 | vector & 0xFFL;
    }
}
