package org.iorewind.record.debugfs;

/** Where a state's parts lie, by the registers of the IOMMU (specification 3.4.1, 2.2.2, 2.2.5). */
final class StateDescriptor {
    static final long DEVICE_TABLE_BASE = 0x00;
    static final long COMMAND_BASE = 0x08;
    static final long CONTROL = 0x18;
    static final long EXTENDED_FEATURES = 0x30;
    static final long EXTENDED_FEATURES_2 = 0x1A0;
    static final long COMMAND_HEAD = 0x2000;
    static final long COMMAND_TAIL = 0x2008;
    static final int LAST_REGISTER = 0x7FFF8;

    static final int DEVICE_ENTRY_BYTES = 32;
    static final int COMMAND_BYTES = 16;

    private static final long TABLE_ADDRESS = 0x000F_FFFF_FFFF_F000L;
    private static final long INTERRUPT_TABLE_ADDRESS = 0x000F_FFFF_FFFF_FFC0L;
    /** Number of segments of the device table, as a power of two; bits [36:34] of CONTROL. */
    private static final int SEGMENTS_SHIFT = 34;

    private static final long SEGMENTS = 7;
    /** NpCache of the capability's first word. */
    private static final long NOT_PRESENT_CACHED = 1L << 26;

    private StateDescriptor() {}

    /** Registers are 8 bytes wide; the kernel shows 8 bytes from wherever it is asked to. */
    static boolean isRegister(long offset) {
        return offset % Long.BYTES == 0;
    }

    static long table(long baseRegister) {
        return baseRegister & TABLE_ADDRESS;
    }

    /** From the third quadword of a device table entry. */
    static long interruptTable(long qword2) {
        return qword2 & INTERRUPT_TABLE_ADDRESS;
    }

    static boolean hasSegments(long control) {
        return (control >>> SEGMENTS_SHIFT & SEGMENTS) != 0;
    }

    static boolean cachesNotPresent(long capabilityHeader) {
        return (capabilityHeader & NOT_PRESENT_CACHED) != 0;
    }
}
