package org.iorewind.replay;

/** Names of commands (reference 3.3) and of event log entries (reference 4.2). */
public final class RingEntryNames {
    private static final int CODE_SHIFT = 60;

    private static final String[] COMMANDS = {
        "",
        "COMPLETION_WAIT",
        "INVALIDATE_DEVTAB_ENTRY",
        "INVALIDATE_IOMMU_PAGES",
        "INVALIDATE_IOTLB_PAGES",
        "INVALIDATE_INTERRUPT_TABLE",
        "PREFETCH_IOMMU_PAGES",
        "COMPLETE_PPR_REQUEST",
        "INVALIDATE_IOMMU_ALL",
        "INSERT_GUEST_EVENT",
        "RESET_VMMIO"
    };

    private static final String[] EVENTS = {
        "",
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
        "RMP_HARDWARE_ERROR"
    };

    private RingEntryNames() {}

    /** Name of a command whose first 64 bits are known where {@code known} has ones. */
    public static String command(long quadword0, long known) {
        return name(COMMANDS, "command", quadword0, known);
    }

    /** Name of an event log entry, likewise. */
    public static String event(long quadword0, long known) {
        return name(EVENTS, "event", quadword0, known);
    }

    private static String name(String[] names, String what, long quadword0, long known) {
        if (known >>> CODE_SHIFT != 0xF) {
            return what;
        }
        int code = (int) (quadword0 >>> CODE_SHIFT);
        return code > 0 && code < names.length ? names[code] : what + " " + Integer.toHexString(code) + "h";
    }

    /** Name of the command with this code, empty for 0. */
    public static String command(int opcode) {
        return opcode == 0 ? "" : command((long) opcode << CODE_SHIFT, -1L);
    }
}
