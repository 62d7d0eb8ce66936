package org.iorewind.model.iommu.log;

/**
 * A guest APIC log entry (reference 5.3).
 *
 * <pre>
 *   63  60 59          48 47           32 31                              0
 *  ┌──────┬──────────────┬───────────────┬─────────────────────────────────┐
 *  │ code │   reserved   │   DeviceID    │              GATag              │
 *  └──────┴──────────────┴───────────────┴─────────────────────────────────┘
 * </pre>
 */
public final class GuestApicLogDescriptor {
    /** Bytes of an entry. */
    public static final int BYTES = 8;
    /** Code: the guest was not running. */
    public static final int NOT_RUNNING = 1;

    private static final int CODE_SHIFT = 60;
    private static final int REQUESTER_SHIFT = 32;

    private GuestApicLogDescriptor() {}

    /** Assembles an entry. */
    public static long entry(int code, int requester, int tag) {
        return (long) code << CODE_SHIFT | (long) requester << REQUESTER_SHIFT | Integer.toUnsignedLong(tag);
    }
}
