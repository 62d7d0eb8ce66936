package org.iorewind.model.platform.host;

import org.iorewind.model.platform.driver.Command;

/**
 * The commands that a host sends about a guest (amd-viommu reference 6.2, 6.3).
 *
 * <pre>
 *   INSERT_GUEST_EVENT  q0 63:60 9h   47:32 GuestID                                   the next slot is the event
 *   RESET_VMMIO         q0 63:60 Ah   31 vCmd   30 vPpr   29 vEvent   28 all   15:0 GuestID
 * </pre>
 */
final class GuestCommands {
    private static final int OPCODE_SHIFT = 60;
    private static final long INSERT_GUEST_EVENT = 9;
    private static final long RESET_VMMIO = 0xA;
    private static final int INSERT_GUEST_SHIFT = 32;
    private static final long RESET_COMMANDS = 1L << 31;
    private static final long RESET_ALL = 1L << 28;

    private GuestCommands() {}

    /** INSERT_GUEST_EVENT. */
    static Command insertEvent(int guestId) {
        return new Command(INSERT_GUEST_EVENT << OPCODE_SHIFT | (long) guestId << INSERT_GUEST_SHIFT, 0);
    }

    /** RESET_VMMIO of everything. */
    static Command reset(int guestId) {
        return new Command(RESET_VMMIO << OPCODE_SHIFT | RESET_COMMANDS | RESET_ALL | guestId, 0);
    }
}
