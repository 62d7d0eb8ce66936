package org.iorewind.record.kernellog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Names that kernels give to entries of the event log, their codes (reference 4.2), and what they print with them. */
enum EventName {
    ILLEGAL_DEV_TABLE_ENTRY(1, "device address flags"),
    IO_PAGE_FAULT(2, "device address flags"),
    DEV_TAB_HARDWARE_ERROR(3, "device address flags"),
    PAGE_TAB_HARDWARE_ERROR(4, "device address flags"),
    ILLEGAL_COMMAND_ERROR(5, "address"),
    COMMAND_HARDWARE_ERROR(6, "address flags"),
    IOTLB_INV_TIMEOUT(7, "device address"),
    INVALID_DEVICE_REQUEST(8, "device address flags"),
    INVALID_PPR_REQUEST(9, "device address flags"),
    RMP_PAGE_FAULT(0xD, "device gpa flags"),
    RMP_HW_ERROR(0xE, "device spa flags"),
    UNKNOWN(-1, "");

    /** Of {@code IO_PAGE_FAULT device=... domain=...}, from which the kernel had no address to tell. */
    static final String NOT_ATTACHED = "Device not attached to domain properly";

    private final int code;
    private final List<String> required;

    EventName(int code, String required) {
        this.code = code;
        this.required = required.isEmpty() ? List.of() : List.of(required.split(" "));
    }

    /** The event code; -1 for those of which the kernel prints the raw words. */
    int code() {
        return code;
    }

    /** Fields without which a line is not understood. */
    List<String> required() {
        return required;
    }

    /** The name that a text begins with, as a whole word; null if none. */
    static @Nullable EventName at(String text) {
        for (EventName name : values()) {
            if (text.startsWith(name.name())
                    && (text.length() == name.name().length()
                            || text.charAt(name.name().length()) == ' ')) {
                return name;
            }
        }
        return null;
    }
}
