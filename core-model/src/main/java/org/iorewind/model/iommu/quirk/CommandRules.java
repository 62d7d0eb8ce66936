package org.iorewind.model.iommu.quirk;

import org.iorewind.model.iommu.command.CommandDescriptor;

/** How the ring goes on after a command that cannot be executed. */
public interface CommandRules {
    /** What to do about the command. */
    enum Continuation {
        /** Report it, stop the ring, leave the head on it. */
        HALT,
        /** Report it and take the next command. */
        SKIP,
        /** Report it and execute it all the same. */
        EXECUTE,
        /** Go on as if nothing had happened. */
        IGNORE
    }

    /** Reference 3.1, 3.4: every error stops the ring. */
    CommandRules SPECIFIED = new CommandRules() {
        @Override
        public Continuation afterIllegalOpcode() {
            return Continuation.HALT;
        }

        @Override
        public Continuation afterReservedBits(int opcode, long quadword1) {
            return Continuation.HALT;
        }

        @Override
        public Continuation afterFailedFetch() {
            return Continuation.HALT;
        }

        @Override
        public Continuation afterFailedStore() {
            return Continuation.HALT;
        }
    };

    /** QEMU 10.0 and 11.1: nothing stops the ring (Q-CMD-1, Q-CMD-2, Q-CMD-4). */
    CommandRules QEMU = new QemuCommandRules(0);

    /** QEMU 7.2: the same, but a bad INVALIDATE_IOTLB_PAGES is not executed (Q-CMD-8). */
    CommandRules QEMU_7 = new QemuCommandRules(0xFCA);

    /** The opcode is unknown, or its feature is absent. */
    Continuation afterIllegalOpcode();

    /**
     * A reserved bit is set.
     *
     * @param opcode of the command
     * @param quadword1 its second half
     */
    Continuation afterReservedBits(int opcode, long quadword1);

    /** The command could not be read. */
    Continuation afterFailedFetch();

    /** The store of a COMPLETION_WAIT failed. */
    Continuation afterFailedStore();

    /** QEMU's rules. */
    final class QemuCommandRules implements CommandRules {
        private final long refusedInDeviceInvalidation;

        private QemuCommandRules(long refusedInDeviceInvalidation) {
            this.refusedInDeviceInvalidation = refusedInDeviceInvalidation;
        }

        @Override
        public Continuation afterIllegalOpcode() {
            return Continuation.SKIP;
        }

        @Override
        public Continuation afterReservedBits(int opcode, long quadword1) {
            boolean isRefused = opcode == CommandDescriptor.INVALIDATE_IOTLB_PAGES
                    && (quadword1 & refusedInDeviceInvalidation) != 0;
            return isRefused ? Continuation.SKIP : Continuation.EXECUTE;
        }

        @Override
        public Continuation afterFailedFetch() {
            return Continuation.SKIP;
        }

        @Override
        public Continuation afterFailedStore() {
            return Continuation.IGNORE;
        }
    }
}
