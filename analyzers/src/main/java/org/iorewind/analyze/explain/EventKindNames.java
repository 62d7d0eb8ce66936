package org.iorewind.analyze.explain;

/** Names of the event log's codes as Linux prints them. Reference 4.2. */
final class EventKindNames {
    static final int ILLEGAL_DEV_TABLE_ENTRY = 1;
    static final int IO_PAGE_FAULT = 2;
    static final int DEV_TAB_HARDWARE_ERROR = 3;
    static final int PAGE_TAB_HARDWARE_ERROR = 4;
    static final int ILLEGAL_COMMAND_ERROR = 5;
    static final int COMMAND_HARDWARE_ERROR = 6;
    static final int IOTLB_INV_TIMEOUT = 7;
    static final int INVALID_DEVICE_REQUEST = 8;
    static final int INVALID_PPR_REQUEST = 9;
    static final int EVENT_COUNTER_ZERO = 0xA;
    static final int GUEST_EVENT_FAULT = 0xB;
    static final int VIOMMU_HARDWARE_ERROR = 0xC;
    static final int RMP_PAGE_FAULT = 0xD;
    static final int RMP_HW_ERROR = 0xE;

    private static final String[] NAMES = {
        "UNKNOWN_0",
        "ILLEGAL_DEV_TABLE_ENTRY",
        "IO_PAGE_FAULT",
        "DEV_TAB_HARDWARE_ERROR",
        "PAGE_TAB_HARDWARE_ERROR",
        "ILLEGAL_COMMAND_ERROR",
        "COMMAND_HARDWARE_ERROR",
        "IOTLB_INV_TIMEOUT",
        "INVALID_DEVICE_REQUEST",
        "INVALID_PPR_REQUEST",
        "EVENT_COUNTER_ZERO",
        "GUEST_EVENT_FAULT",
        "VIOMMU_HARDWARE_ERROR",
        "RMP_PAGE_FAULT",
        "RMP_HW_ERROR",
        "UNKNOWN_15"
    };

    private EventKindNames() {}

    /** Name of a code, 0 to 15. */
    static String of(int code) {
        return NAMES[code & 0xF];
    }
}
