package org.iorewind.model.iommu.register;

/**
 * Offsets and fields of the base and pointer registers (reference 1.3, 1.4, 1.6, 1.9, 1.10).
 *
 * <pre>
 *  Device table base 0000h
 *   63        52 51                                  12 11   9 8         0
 *  ┌────────────┬──────────────────────────────────────┬──────┬───────────┐
 *  │  reserved  │            base [51:12]              │ rsvd │   Size    │  bytes = (Size + 1) * 4096
 *  └────────────┴──────────────────────────────────────┴──────┴───────────┘
 *  Command buffer 0008h, event log 0010h and 00F8h, PPR log 0038h and 00F0h
 *   63  60 59  56 55  52 51                             12 11            0
 *  ┌──────┬──────┬──────┬─────────────────────────────────┬───────────────┐
 *  │ rsvd │ Len  │ rsvd │           base [51:12]          │   reserved    │  entries = 2^Len, Len 8 to 15
 *  └──────┴──────┴──────┴─────────────────────────────────┴───────────────┘
 *  Head and tail pointers 2000h, 2008h, 2010h, 2018h, 2030h, 2038h, 2050h, 2058h, 2070h, 2078h
 *   63                                          19 18               4 3  0
 *  ┌──────────────────────────────────────────────┬──────────────────┬────┐
 *  │                   reserved                   │ offset in bytes  │rsvd│
 *  └──────────────────────────────────────────────┴──────────────────┴────┘
 *  Exclusion base 0020h / limit 0028h
 *   63        52 51                                  12 11         2  1  0
 *  ┌────────────┬──────────────────────────────────────┬────────────┬──┬──┐
 *  │  reserved  │          base / limit [51:12]        │  reserved  │Al│Ex│
 *  └────────────┴──────────────────────────────────────┴────────────┴──┴──┘
 * </pre>
 */
public final class RegisterDescriptor {
    /** Device table base, segment 0. */
    public static final int DEVICE_TABLE_BASE = 0x0000;
    /** Command buffer base. */
    public static final int COMMAND_BASE = 0x0008;
    /** Event log base. */
    public static final int EVENT_BASE = 0x0010;
    /** Control, see {@link ControlDescriptor}. */
    public static final int CONTROL = 0x0018;
    /** Exclusion range base; with SNP the completion-store base. */
    public static final int EXCLUSION_BASE = 0x0020;
    /** Exclusion range limit. */
    public static final int EXCLUSION_LIMIT = 0x0028;
    /** Extended features, see {@link FeatureDescriptor}. */
    public static final int EXTENDED_FEATURES = 0x0030;
    /** PPR log base. */
    public static final int PPR_BASE = 0x0038;
    /** Guest APIC log base. */
    public static final int GUEST_APIC_LOG_BASE = 0x00E0;
    /** Address of the guest APIC log's tail in memory. */
    public static final int GUEST_APIC_LOG_TAIL_ADDRESS = 0x00E8;
    /** PPR log B base. */
    public static final int PPR_BASE_B = 0x00F0;
    /** Event log B base. */
    public static final int EVENT_BASE_B = 0x00F8;
    /** Device table base of segment 1; segments 2 to 7 follow, 8 bytes each. */
    public static final int SEGMENT_BASE_FIRST = 0x0100;
    /** Device table base of segment 7. */
    public static final int SEGMENT_BASE_LAST = 0x0130;
    /** Interrupt control for events and completion under x2APIC. */
    public static final int XT_GENERAL_INTERRUPT = 0x0170;
    /** Interrupt control for the PPR log under x2APIC. */
    public static final int XT_PPR_INTERRUPT = 0x0178;
    /** Interrupt control for the guest APIC log under x2APIC. */
    public static final int XT_GUEST_APIC_INTERRUPT = 0x0180;
    /** Extended features 2. */
    public static final int EXTENDED_FEATURES_2 = 0x01A0;
    /** Reserved; accesses are counted, nothing else. */
    public static final int COUNTED_ACCESS = 0x1FF8;
    /** Command buffer head. */
    public static final int COMMAND_HEAD = 0x2000;
    /** Command buffer tail: the doorbell. */
    public static final int COMMAND_TAIL = 0x2008;
    /** Event log head. */
    public static final int EVENT_HEAD = 0x2010;
    /** Event log tail. */
    public static final int EVENT_TAIL = 0x2018;
    /** Status, see {@link StatusDescriptor}. */
    public static final int STATUS = 0x2020;
    /** PPR log head. */
    public static final int PPR_HEAD = 0x2030;
    /** PPR log tail. */
    public static final int PPR_TAIL = 0x2038;
    /** Guest APIC log head. */
    public static final int GUEST_APIC_LOG_HEAD = 0x2040;
    /** Guest APIC log tail. */
    public static final int GUEST_APIC_LOG_TAIL = 0x2048;
    /** PPR log B head. */
    public static final int PPR_HEAD_B = 0x2050;
    /** PPR log B tail. */
    public static final int PPR_TAIL_B = 0x2058;
    /** Event log B head. */
    public static final int EVENT_HEAD_B = 0x2070;
    /** Event log B tail. */
    public static final int EVENT_TAIL_B = 0x2078;

    /** Size in bytes of the register window without performance counters. */
    public static final int WINDOW_BYTES = 0x4000;

    /** Base address bits of every base register. */
    public static final long BASE_MASK = 0x000F_FFFF_FFFF_F000L;
    /** Size field of the device table base. */
    public static final long DEVICE_TABLE_SIZE_MASK = 0x1FF;
    /** Device table entries for each unit of the Size field. */
    public static final int DEVICE_ENTRIES_PER_PAGE = 128;
    /** Lowest bit of a ring's length code. */
    public static final int RING_LENGTH_SHIFT = 56;
    /** Bits of a ring's length code. */
    public static final long RING_LENGTH_MASK = 0xF;
    /** The smallest length code that is not reserved. */
    public static final int RING_LENGTH_SMALLEST = 8;
    /** Bytes of a command and of an event. */
    public static final int RING_ENTRY_BYTES = 16;
    /** Bits of a head or tail pointer. */
    public static final long POINTER_MASK = 0x7_FFF0;
    /** Exclusion range enable. */
    public static final long EXCLUSION_ENABLE = 1;
    /** Exclusion range for all devices. */
    public static final long EXCLUSION_ALLOW_ALL = 2;
    /** The low bits of the exclusion limit, which read as ones. */
    public static final long EXCLUSION_LIMIT_LOW = 0xFFF;

    private RegisterDescriptor() {}

    /** Base address in a base register. */
    public static long base(long register) {
        return register & BASE_MASK;
    }

    /** Entries of the ring or log that a base register describes: 1 to 32768 (256 and more when the code is legal). */
    public static int ringEntries(long register) {
        return 1 << ringLengthCode(register);
    }

    /** Length code of a ring or log, 0 to 15. */
    public static int ringLengthCode(long register) {
        return (int) (register >>> RING_LENGTH_SHIFT & RING_LENGTH_MASK);
    }

    /** Number of device table entries that a device table base describes, 128 to 65536. */
    public static int deviceEntries(long register) {
        return (int) ((register & DEVICE_TABLE_SIZE_MASK) + 1) * DEVICE_ENTRIES_PER_PAGE;
    }
}
