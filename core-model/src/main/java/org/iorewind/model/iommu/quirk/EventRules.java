package org.iorewind.model.iommu.quirk;

import org.iorewind.model.iommu.log.EventDescriptor;

/** What an event log entry looks like, and whether there is any. */
public interface EventRules {
    /** Reference 4.1 to 4.3. */
    EventRules SPECIFIED = new EventRules() {
        @Override
        public boolean recordsEvents() {
            return true;
        }

        @Override
        public boolean fillsHardwareRegisters() {
            return true;
        }

        @Override
        public boolean countsFailedStores() {
            return false;
        }

        @Override
        public long quadword0(long specified, int opcode) {
            return specified;
        }

        @Override
        public long quadword1(long specified) {
            return specified;
        }
    };

    /** QEMU 7.2 and 10.0: no event ever reaches the log (Q-EVT-1). What is discarded has the form of 11.1. */
    EventRules QEMU_SILENT = new QemuEventRules(false);

    /** QEMU 11.1 (Q-EVT-2 to Q-EVT-4, Q-EVT-11). */
    EventRules QEMU = new QemuEventRules(true);

    /** Whether events are written at all. */
    boolean recordsEvents();

    /** Whether hardware errors are kept in the registers 0040h to 0050h, where HESup says that these exist. */
    boolean fillsHardwareRegisters();

    /** Whether an entry whose store fails counts as written (Q-EVT-11), or the tail stays. */
    boolean countsFailedStores();

    /**
     * First half of the entry.
     *
     * @param specified as the specification has it
     * @param opcode of the command for ILLEGAL_COMMAND_ERROR, else 0
     */
    long quadword0(long specified, int opcode);

    /** Second half of the entry. */
    long quadword1(long specified);

    /** QEMU's entries: no address, no domain, flags of its own. */
    final class QemuEventRules implements EventRules {
        private static final int READ_FAULT = 0x9;
        private static final int WRITE_FAULT = 0xA;
        private static final int FUNCTION_MASK = 0xFF;

        private final boolean recordsEvents;

        private QemuEventRules(boolean recordsEvents) {
            this.recordsEvents = recordsEvents;
        }

        @Override
        public boolean recordsEvents() {
            return recordsEvents;
        }

        @Override
        public boolean fillsHardwareRegisters() {
            return false;
        }

        @Override
        public boolean countsFailedStores() {
            return true;
        }

        @Override
        public long quadword0(long specified, int opcode) {
            int code = EventDescriptor.code(specified);
            int requester = (int) (specified & EventDescriptor.DEVICE_MASK);
            return switch (code) {
                case EventDescriptor.IO_PAGE_FAULT ->
                    EventDescriptor.quadword0(code, faultFlags(specified), 0, requester & FUNCTION_MASK);
                case EventDescriptor.PAGE_TAB_HARDWARE_ERROR ->
                    EventDescriptor.quadword0(code, 0, 0, requester & FUNCTION_MASK);
                default -> EventDescriptor.quadword0(code, opcode, 0, requester);
            };
        }

        private static int faultFlags(long specified) {
            boolean isWrite = (EventDescriptor.flags(specified) & EventDescriptor.FLAG_RW) != 0;
            return isWrite ? WRITE_FAULT : READ_FAULT;
        }

        @Override
        public long quadword1(long specified) {
            return 0;
        }
    }
}
