package org.iorewind.record.qemulog;

import org.jspecify.annotations.Nullable;

/**
 * Joins {@code amdvi_command_exec} with the line that the command itself prints, which comes next in the same access.
 * Formats of commands: reference 3.3.
 */
final class CommandAssembler {
    private static final long OPCODE = 0xFL << 60;
    private static final long DOMAIN = 0xFFFFL << 32;
    private static final long DEVICE = 0xFFFFL;
    private static final long STORE_ADDRESS = 0x000F_FFFF_FFFF_FFF8L;
    private static final int MOST_LINES_BETWEEN = 8;

    private final ImportContext context;
    private boolean resetExpected;

    CommandAssembler(ImportContext context) {
        this.context = context;
    }

    void executed(LogLine line) {
        long q0 = 0;
        long q0Known = 0;
        long q1 = 0;
        long q1Known = 0;
        LogLine detail = detail();
        if (detail != null && detail.is(QemuEvent.COMMAND_READ_FAIL)) {
            // the command could not be read: nothing was taken
            context.fold(line);
            return;
        }
        if (detail != null) {
            switch (java.util.Objects.requireNonNull(detail.event)) {
                case COMPLETION_WAIT -> {
                    q0 = opcode(1) | detail.values[0] & STORE_ADDRESS;
                    q0Known = OPCODE | STORE_ADDRESS;
                    q1 = detail.values[1];
                    q1Known = -1L;
                }
                case DEVTAB_INVAL -> {
                    q0 = opcode(2) | detail.requester(0);
                    q0Known = OPCODE | DEVICE;
                }
                case PAGES_INVAL -> {
                    q0 = opcode(3) | (detail.values[0] & 0xFFFF) << 32;
                    q0Known = OPCODE | DOMAIN;
                }
                case IOTLB_INVAL -> {
                    q0 = opcode(4);
                    q0Known = OPCODE;
                }
                case INTR_INVAL -> {
                    q0 = opcode(5);
                    q0Known = OPCODE;
                }
                case PREFETCH_PAGES -> {
                    q0 = opcode(6);
                    q0Known = OPCODE;
                }
                case PPR_EXEC -> {
                    q0 = opcode(7);
                    q0Known = OPCODE;
                }
                case ALL_INVAL -> {
                    q0 = opcode(8);
                    q0Known = OPCODE;
                    resetExpected = true;
                }
                case UNHANDLED_COMMAND -> {
                    if (context.facts.ownInterrupts()) {
                        // before QEMU 11 the number printed comes from the wrong quadword
                        q0 = opcode(detail.values[0]);
                        q0Known = OPCODE;
                    }
                }
                default -> {}
            }
        }
        context.clock(line);
        context.writer.commandConsumed(line.values[0], line.values[1], line.values[2], q0, q0Known, q1, q1Known);
    }

    private static long opcode(long code) {
        return code << 60;
    }

    /** The line of the command just executed: the first line after it that a command prints. */
    private @Nullable LogLine detail() {
        for (int i = 0; i < MOST_LINES_BETWEEN; i++) {
            LogLine line = context.lines.peek(i);
            if (line == null || line.event == null) {
                return null;
            }
            switch (line.event) {
                case COMPLETION_WAIT,
                        DEVTAB_INVAL,
                        PAGES_INVAL,
                        IOTLB_INVAL,
                        INTR_INVAL,
                        PREFETCH_PAGES,
                        PPR_EXEC,
                        ALL_INVAL,
                        COMMAND_READ_FAIL,
                        UNHANDLED_COMMAND -> {
                    return line;
                }
                case IOTLB_RESET, GENERATE_MSI, EVNTLOG_FAIL, COMPLETION_WAIT_FAIL, INVALID_DTE, DTE_GET_FAIL -> {}
                default -> {
                    return null;
                }
            }
        }
        return null;
    }

    /** Whether the reset line at hand belongs to the INVALIDATE_IOMMU_ALL just assembled. */
    boolean takeReset() {
        boolean expected = resetExpected;
        resetExpected = false;
        return expected;
    }
}
