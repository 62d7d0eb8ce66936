package org.iorewind.model.iommu.quirk;

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
        public Continuation afterReservedBits() {
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

    /** QEMU: nothing stops the ring (Q-CMD-1, Q-CMD-2, Q-CMD-4). */
    CommandRules QEMU = new CommandRules() {
        @Override
        public Continuation afterIllegalOpcode() {
            return Continuation.SKIP;
        }

        @Override
        public Continuation afterReservedBits() {
            return Continuation.EXECUTE;
        }

        @Override
        public Continuation afterFailedFetch() {
            return Continuation.SKIP;
        }

        @Override
        public Continuation afterFailedStore() {
            return Continuation.IGNORE;
        }
    };

    /** The opcode is unknown, or its feature is absent. */
    Continuation afterIllegalOpcode();

    /** A reserved bit is set. */
    Continuation afterReservedBits();

    /** The command could not be read. */
    Continuation afterFailedFetch();

    /** The store of a COMPLETION_WAIT failed. */
    Continuation afterFailedStore();
}
