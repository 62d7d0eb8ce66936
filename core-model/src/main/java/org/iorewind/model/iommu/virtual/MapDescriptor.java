package org.iorewind.model.iommu.virtual;

/**
 * ID maps of a guest, and the registers by which the host has hardware change them (amd-viommu reference 3.1, 4).
 *
 * <pre>
 *   map control  63     62  61           46 45           30 29           14 13     1  0
 *               ┌──────┬───┬───────────────┬───────────────┬───────────────┬────────┬─────┐
 *               │commit│ 0 │   guest's ID  │       0       │   host's ID   │   0    │Valid│   0 and commit read as 0
 *               └──────┴───┴───────────────┴───────────────┴───────────────┴────────┴─────┘
 *   entry        63                                   40 39       24 23                1  0
 *               ┌───────────────────────────────────────┬───────────┬────────────────────┬─────┐
 *               │                   0                   │ host's ID │         0          │Valid│   + 8 bytes of 0: devices
 *               └───────────────────────────────────────┴───────────┴────────────────────┴─────┘
 * </pre>
 *
 * <p>Of the entries only the place of the host's DeviceID is known (MC-V2); bits 62 and 45:30 of the registers are reserved
 * (MC-V13).
 */
public final class MapDescriptor {
    /** Bytes of an entry of a DeviceID map. */
    public static final int DEVICE_ENTRY_BYTES = 16;
    /** Bytes of an entry of a DomainID map. */
    public static final int DOMAIN_ENTRY_BYTES = 8;
    /** Valid, in registers and entries. */
    public static final long VALID = 1;
    /** Commit, in registers. */
    public static final long COMMIT = 1L << 63;
    /** What a map-control register keeps. */
    public static final long STORED = 0x3FFF_C000_3FFF_C001L;

    private static final int CONTROL_GUEST_SHIFT = 46;
    private static final int CONTROL_HOST_SHIFT = 14;
    private static final int ENTRY_HOST_SHIFT = 24;
    private static final int ID_MASK = 0xFFFF;

    private MapDescriptor() {}

    /** The guest's ID in a map-control register. */
    public static int guestId(long control) {
        return (int) (control >>> CONTROL_GUEST_SHIFT) & ID_MASK;
    }

    /** The entry that a map-control register describes. */
    public static long entry(long control) {
        return (control >>> CONTROL_HOST_SHIFT & ID_MASK) << ENTRY_HOST_SHIFT | control & VALID;
    }

    /** Whether an entry is valid. */
    public static boolean isValid(long entry) {
        return (entry & VALID) != 0;
    }

    /** The host's ID in an entry. */
    public static int hostId(long entry) {
        return (int) (entry >>> ENTRY_HOST_SHIFT) & ID_MASK;
    }

    /** A map-control register that commits an entry. */
    public static long control(int guestId, int hostId, boolean isValid) {
        return COMMIT
                | (long) guestId << CONTROL_GUEST_SHIFT
                | (long) hostId << CONTROL_HOST_SHIFT
                | (isValid ? VALID : 0);
    }
}
