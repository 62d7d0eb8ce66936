package org.iorewind.model.iommu.log;

/**
 * An event log entry (reference 4.1 to 4.3).
 *
 * <pre>
 *  q0  63  60 59                       48 47              32 31   27 26  20 19     16 15         0
 *     ┌──────┬───────────────────────────┬──────────────────┬───────┬──────┬─────────┬────────────┐
 *     │ code │ flags (dw1[27:16])        │ DomainID / PASID │virtual│ rsvd │PASID 19…│  DeviceID  │
 *     └──────┴───────────────────────────┴──────────────────┴───────┴──────┴─────────┴────────────┘
 *       flags: 11 10  9  8  7  6  5  4  3  2  1  0          virtual: 31   30   29   28  27
 *              -- Type- TR RZ PE RW PR  I US NX GN                  vCmd vPpr vEvent -- VNR
 *  q1  63                                                                                    0
 *     ┌───────────────────────────────────────────────────────────────────────────────────────┐
 *     │ address: of the request, of the table entry, or of the command                        │
 *     └───────────────────────────────────────────────────────────────────────────────────────┘
 * </pre>
 */
public final class EventDescriptor {
    /** ILLEGAL_DEV_TABLE_ENTRY. */
    public static final int ILLEGAL_DEV_TABLE_ENTRY = 1;
    /** IO_PAGE_FAULT. */
    public static final int IO_PAGE_FAULT = 2;
    /** DEV_TAB_HARDWARE_ERROR. */
    public static final int DEV_TAB_HARDWARE_ERROR = 3;
    /** PAGE_TAB_HARDWARE_ERROR. */
    public static final int PAGE_TAB_HARDWARE_ERROR = 4;
    /** ILLEGAL_COMMAND_ERROR. */
    public static final int ILLEGAL_COMMAND_ERROR = 5;
    /** COMMAND_HARDWARE_ERROR. */
    public static final int COMMAND_HARDWARE_ERROR = 6;
    /** IOTLB_INV_TIMEOUT. */
    public static final int IOTLB_INV_TIMEOUT = 7;
    /** INVALID_DEVICE_REQUEST, whose types are those of {@link InvalidRequestDescriptor}. */
    public static final int INVALID_DEVICE_REQUEST = 8;
    /** INVALID_PPR_REQUEST, whose first half is that of {@link PageRequestDescriptor}. */
    public static final int INVALID_PPR_REQUEST = 9;

    /** EVENT_COUNTER_ZERO, whose second half is that of {@link CounterEventDescriptor}. */
    public static final int EVENT_COUNTER_ZERO = 0xA;
    /** GUEST_EVENT_FAULT, see {@link GuestEventDescriptor}. */
    public static final int GUEST_EVENT_FAULT = 0xB;
    /** VIOMMU_HARDWARE_ERROR, see {@link GuestEventDescriptor}. */
    public static final int VIOMMU_HARDWARE_ERROR = 0xC;
    /** RMP_PAGE_FAULT, see {@link RmpEventDescriptor}. */
    public static final int RMP_PAGE_FAULT = 0xD;
    /** RMP_HARDWARE_ERROR, see {@link RmpEventDescriptor}. */
    public static final int RMP_HARDWARE_ERROR = 0xE;

    /** GN: the entry holds a PASID in place of the DomainID. */
    public static final int FLAG_GN = 0x001;
    /** NX: the request executes. */
    public static final int FLAG_NX = 0x002;
    /** US: the request has user privilege. */
    public static final int FLAG_US = 0x004;
    /** I: interrupt request. */
    public static final int FLAG_I = 0x008;
    /** PR: the translation is present. */
    public static final int FLAG_PR = 0x010;
    /** RW: the request writes. */
    public static final int FLAG_RW = 0x020;
    /** PE: permission violation. */
    public static final int FLAG_PE = 0x040;
    /** RZ: a reserved bit is not zero. */
    public static final int FLAG_RZ = 0x080;
    /** TR: translation request. */
    public static final int FLAG_TR = 0x100;
    /** Type of a hardware error: the access was aborted by nobody answering. */
    public static final int TYPE_MASTER_ABORT = 1 << 9;
    /** Type of a hardware error: damaged data. */
    public static final int TYPE_DATA_ERROR = 3 << 9;

    /** vCmd: the access was made for a guest's command. With the flags of events, but in dw0. */
    public static final int FLAG_V_CMD = 1 << 31;
    /** vPpr: the access was made for a guest's PPR log. */
    public static final int FLAG_V_PPR = 1 << 30;
    /** vEvent: the access was made for a guest's event log. */
    public static final int FLAG_V_EVENT = 1 << 29;
    /** VNR: the guest's ring is stopped by this, until RESET_VMMIO or CmdBufEn starts it again (MC-V9). */
    public static final int FLAG_VNR = 1 << 27;
    /** Of the flags, those that stand in dw0. */
    public static final long VIRTUAL_MASK = 0xF800_0000L;

    /** Lowest bit of the code in q0. */
    public static final int CODE_SHIFT = 60;
    /** Lowest bit of the flags in q0. */
    public static final int FLAGS_SHIFT = 48;
    /** Bits of the flags. */
    public static final long FLAGS_MASK = 0xFFF;
    /** Lowest bit of the DomainID in q0. */
    public static final int DOMAIN_SHIFT = 32;
    /** Bits of the DeviceID in q0. */
    public static final long DEVICE_MASK = 0xFFFF;

    /** Bits 19:16 of a PASID, which keep their place in q0. */
    private static final int PASID_HIGH_MASK = 0xF_0000;

    private EventDescriptor() {}

    /**
     * Assembles q0.
     *
     * @param code of the event
     * @param flags of this class
     * @param tag a PASID of 20 bits when the flags hold GN, else a DomainID
     * @param requester DeviceID
     */
    public static long quadword0(int code, int flags, int tag, int requester) {
        long pasidHigh = (flags & FLAG_GN) != 0 ? (long) (tag & PASID_HIGH_MASK) : 0;
        return (long) code << CODE_SHIFT
                | (flags & FLAGS_MASK) << FLAGS_SHIFT
                | (tag & 0xFFFFL) << DOMAIN_SHIFT
                | pasidHigh
                | flags & VIRTUAL_MASK
                | requester & DEVICE_MASK;
    }

    /** Code of an entry, 0 to 15. */
    public static int code(long quadword0) {
        return (int) (quadword0 >>> CODE_SHIFT);
    }

    /** Flags of an entry, as Linux prints them. */
    public static int flags(long quadword0) {
        return (int) (quadword0 >>> FLAGS_SHIFT & FLAGS_MASK);
    }

    /** DeviceID of an entry that has one. */
    public static int requester(long quadword0) {
        return (int) (quadword0 & DEVICE_MASK);
    }

    /** PASID of 20 bits of an entry whose flags hold GN, else its DomainID. */
    public static int tag(long quadword0) {
        int low = (int) (quadword0 >>> DOMAIN_SHIFT) & 0xFFFF;
        return (flags(quadword0) & FLAG_GN) != 0 ? (int) quadword0 & PASID_HIGH_MASK | low : low;
    }
}
