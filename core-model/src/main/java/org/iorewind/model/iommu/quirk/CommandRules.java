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
        public long checkedReservedBits(int opcode, long reserved) {
            return reserved;
        }

        @Override
        public Continuation afterReservedBits(int opcode) {
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

    /** QEMU: nothing stops the ring, and most commands with reserved bits act (Q-CMD-1, Q-CMD-2, Q-CMD-4, Q-CMD-8). */
    CommandRules QEMU = new QemuCommandRules();

    /** The opcode is unknown, or its feature is absent. */
    Continuation afterIllegalOpcode();

    /** Which of the reserved bits set in quadword 1 are looked at. */
    long checkedReservedBits(int opcode, long reserved);

    /** A reserved bit is set in a command of this opcode. */
    Continuation afterReservedBits(int opcode);

    /** The command could not be read. */
    Continuation afterFailedFetch();

    /** The store of a COMPLETION_WAIT failed. */
    Continuation afterFailedStore();

    /** QEMU's rules. */
    final class QemuCommandRules implements CommandRules {
        /** Bits 5:4, Type, are free whatever EFR says. */
        private static final long TYPE_OF_DEVICE_INVALIDATION = 3 << 4;

        private QemuCommandRules() {}

        @Override
        public Continuation afterIllegalOpcode() {
            return Continuation.SKIP;
        }

        @Override
        public long checkedReservedBits(int opcode, long reserved) {
            return opcode == CommandDescriptor.INVALIDATE_IOTLB_PAGES
                    ? reserved & ~TYPE_OF_DEVICE_INVALIDATION
                    : reserved;
        }

        @Override
        public Continuation afterReservedBits(int opcode) {
            return switch (opcode) {
                case CommandDescriptor.INVALIDATE_DEVTAB_ENTRY, CommandDescriptor.INVALIDATE_IOTLB_PAGES ->
                    Continuation.SKIP;
                default -> Continuation.EXECUTE;
            };
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
