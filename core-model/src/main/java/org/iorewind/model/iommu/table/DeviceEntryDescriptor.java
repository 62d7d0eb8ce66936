package org.iorewind.model.iommu.table;

/**
 * A device table entry (reference 2.2).
 *
 * <pre>
 *  q0  63 62 61 60  58 57 56 55 54 53 52 51                 12 11   9 8  7 6         2  1 0
 *     ┌──┬──┬──┬──────┬─────┬──┬──┬──┬──┬─────────────────────┬──────┬────┬───────────┬──┬─┐
 *     │rs│IW│IR│GCR3.0│ GLX │GV│GI│GP│PP│  host root [51:12]  │ Mode │HAD │ reserved  │TV│V│
 *     └──┴──┴──┴──────┴─────┴──┴──┴──┴──┴─────────────────────┴──────┴────┴───────────┴──┴─┘
 *  q1  63                 43 42 41 40 39 38 37 36 35 34 33 32 31          16 15           0
 *     ┌─────────────────────┬──┬─────┬──┬──┬──┬─────┬──┬──┬──┬──────────────┬──────────────┐
 *     │       GCR3.2        │SA│SysMg│EX│SD│Ca│IoCtl│SA│SE│ I│    GCR3.1    │   DomainID   │
 *     └─────────────────────┴──┴─────┴──┴──┴──┴─────┴──┴──┴──┴──────────────┴──────────────┘
 *  q2  63 62 61 60 59 58 57 56 55 54 53 52 51                            6  5 4       1  0
 *     ┌──┬──┬─────┬──┬──┬──┬──┬─────┬─────┬────────────────────────────────┬──┬─────────┬──┐
 *     │L1│L0│IntCt│HP│NM│EI│In│GPgMd│ rsvd│   interrupt table root [51:6]  │IG│IntTabLen│IV│
 *     └──┴──┴─────┴──┴──┴──┴──┴─────┴─────┴────────────────────────────────┴──┴─────────┴──┘
 *  q3  63           56 55 54 53    48 47          32 31          16 15 14                0
 *     ┌───────────────┬──┬──┬────────┬──────────────┬──────────────┬──┬───────────────────┐
 *     │   SnoopAttr   │M0│AV│reserved│   GuestID    │  GDeviceID   │VI│     reserved      │
 *     └───────────────┴──┴──┴────────┴──────────────┴──────────────┴──┴───────────────────┘
 * </pre>
 */
public final class DeviceEntryDescriptor {
    /** Bytes of an entry. */
    public static final int BYTES = 32;
    /** Quadwords of an entry. */
    public static final int QUADWORDS = 4;

    /** V, in q0. */
    public static final long V = 1;
    /** TV, in q0. */
    public static final long TV = 2;
    /** HAD bit 7: update accessed bits. */
    public static final long HAD_ACCESSED = 1L << 7;
    /** HAD bit 8: update dirty bits. */
    public static final long HAD_DIRTY = 1L << 8;
    /** Lowest bit of Mode, in q0. */
    public static final int MODE_SHIFT = 9;
    /** Bits of Mode. */
    public static final int MODE_MASK = 7;
    /** Host page table root, in q0. */
    public static final long ROOT_MASK = 0x000F_FFFF_FFFF_F000L;
    /** PPR, in q0: page requests are accepted. */
    public static final long PPR = 1L << 52;
    /** PPR and GPRP, in q0. */
    public static final long PPR_MASK = 3L << 52;
    /** GIoV, in q0. */
    public static final long GIOV = 1L << 54;
    /** GV, in q0. */
    public static final long GV = 1L << 55;
    /** GV, GLX and the first part of the GCR3 pointer, in q0. */
    public static final long GUEST_MASK_0 = 0x3FL << 55;
    /** Lowest bit of GLX, in q0. */
    public static final int GLX_SHIFT = 56;
    /** Lowest bit of IR and IW, in q0: bit 61 is IR, bit 62 IW. */
    public static final int RIGHTS_SHIFT = 61;
    /** Bits 3:2, 6:4 and 63 of q0; 6:4 count as reserved (MC-4). */
    public static final long RESERVED_0 = 0x8000_0000_0000_007CL;

    /** Bits of DomainID, in q1. */
    public static final long DOMAIN_MASK = 0xFFFF;
    /** Second and third part of the GCR3 pointer, in q1. */
    public static final long GUEST_MASK_1 = 0xFFFF_F800_FFFF_0000L;
    /** I: the device may use address translation services, in q1. */
    public static final long ATS_ENABLED = 1L << 32;
    /** SE: report only the first fault, in q1. */
    public static final long SE = 1L << 33;
    /** SA: report no fault, in q1. */
    public static final long SA = 1L << 34;
    /** Lowest bit of IoCtl, in q1. */
    public static final int IO_CONTROL_SHIFT = 35;
    /** EX: may pass in the exclusion range, in q1. */
    public static final long EX = 1L << 39;
    /** Lowest bit of SysMgt, in q1. */
    public static final int SYSTEM_MANAGEMENT_SHIFT = 40;
    /** SysMgt: refuse everything. */
    public static final int SYSTEM_MANAGEMENT_ABORT = 0;
    /** SysMgt: translate like memory. */
    public static final int SYSTEM_MANAGEMENT_TRANSLATE = 3;
    /** SATS, in q1. */
    public static final long SATS = 1L << 42;

    /** IV, in q2. */
    public static final long IV = 1;
    /** Lowest bit of IntTabLen, in q2. */
    public static final int INTERRUPT_LENGTH_SHIFT = 1;
    /** Bits of IntTabLen. */
    public static final int INTERRUPT_LENGTH_MASK = 0xF;
    /** Largest legal IntTabLen: 2048 entries. */
    public static final int INTERRUPT_LENGTH_MOST = 11;
    /** IG: report no interrupt fault, in q2. */
    public static final long IG = 1L << 5;
    /** Interrupt table root, in q2; the table is aligned to 128 bytes, lower bits are taken as they are. */
    public static final long INTERRUPT_ROOT_MASK = 0x000F_FFFF_FFFF_FFC0L;
    /** Lowest bit of GuestPagingMode, in q2. */
    public static final int GUEST_PAGING_SHIFT = 54;
    /** InitPass, in q2. */
    public static final long INIT_PASS = 1L << 56;
    /** EIntPass, in q2. */
    public static final long EXTERNAL_PASS = 1L << 57;
    /** NMIPass, in q2. */
    public static final long NMI_PASS = 1L << 58;
    /** Lowest bit of IntCtl, in q2. */
    public static final int INTERRUPT_CONTROL_SHIFT = 60;
    /** Bits 53:52 of q2. */
    public static final long RESERVED_2 = 0x0030_0000_0000_0000L;
    /** Bits 14:0 and 53:48 of q3. */
    public static final long RESERVED_3 = 0x003F_0000_0000_7FFFL;

    /** vImuEn, in q3: requests, faults and page requests of the device belong to a guest. */
    public static final long VIRTUAL = 1L << 15;
    /** Lowest bit of GDeviceID, in q3. */
    public static final int GUEST_DEVICE_SHIFT = 16;
    /** Lowest bit of GuestID, in q3. */
    public static final int GUEST_SHIFT = 32;
    /** vImuEn, GDeviceID and GuestID, in q3; reserved without vIommuSup, ignored while vIommuEn=0 (MC-V19). */
    public static final long VIRTUAL_MASK = 0x0000_FFFF_FFFF_8000L;

    /** AttrV and Mode0FC, in q3: with Mode 0 all accesses are snooped. */
    public static final long SNOOPED_WITHOUT_HOST_TABLES = 3L << 54;

    /** Control field (IoCtl, IntCtl): refuse. */
    public static final int CONTROL_ABORT = 0;
    /** Control field: forward unchanged. */
    public static final int CONTROL_FORWARD = 1;
    /** Control field: translate or remap. */
    public static final int CONTROL_REMAP = 2;
    /** Control field: reserved. */
    public static final int CONTROL_RESERVED = 3;

    private DeviceEntryDescriptor() {}

    /** GCR3 table root pointer: q0[60:58] is [14:12], q1[31:16] is [30:15], q1[63:43] is [51:31]. */
    public static long gcr3Root(long quadword0, long quadword1) {
        return (quadword0 >>> 58 & 0x7) << 12 | (quadword1 >>> 16 & 0xFFFF) << 15 | quadword1 >>> 43 << 31;
    }

    /** The part of a GCR3 table root pointer that stands in q0. */
    public static long gcr3InQuadword0(long root) {
        return (root >>> 12 & 0x7) << 58;
    }

    /** The parts of a GCR3 table root pointer that stand in q1. */
    public static long gcr3InQuadword1(long root) {
        return (root >>> 15 & 0xFFFF) << 16 | root >>> 31 << 43;
    }

    /** What the host's half of an entry says, in the names of the reference, in one line for people. */
    public static String describe(long quadword0, long quadword1) {
        return "V=" + (quadword0 & V) + " TV=" + (quadword0 & TV) / TV + " Mode="
                + (quadword0 >>> MODE_SHIFT & MODE_MASK) + " root 0x" + Long.toHexString(quadword0 & ROOT_MASK)
                + " IR=" + (quadword0 >>> RIGHTS_SHIFT & 1) + " IW=" + (quadword0 >>> RIGHTS_SHIFT + 1 & 1)
                + " DomainID 0x" + Long.toHexString(quadword1 & DOMAIN_MASK);
    }
}
