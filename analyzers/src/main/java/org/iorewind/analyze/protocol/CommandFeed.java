package org.iorewind.analyze.protocol;

import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.replay.Machine;

/** Shows each command of a host's or a guest's ring to the rules that it concerns (reference 3.3). Not thread-safe. */
final class CommandFeed {
    private static final int HOST = -1;

    private final Machine machine;
    private final Moment now;
    private final InvalidationRules invalidations;
    private final NotPresentRules notPresent;

    CommandFeed(Machine machine, Moment now, InvalidationRules invalidations, NotPresentRules notPresent) {
        this.machine = machine;
        this.now = now;
        this.invalidations = invalidations;
        this.notPresent = notPresent;
    }

    /** A command of the host's ring. */
    void host(IommuRules rules, int ringHead, long qword0, long qword1) {
        invalidations.onRing(HOST);
        rules.rings().command(machine.iommu(now.iommu()), ringHead, qword0, qword1);
        int requester = CommandDescriptor.requester(qword0);
        switch (CommandDescriptor.opcode(qword0)) {
            case CommandDescriptor.COMPLETION_WAIT -> {
                invalidations.waited();
                rules.deviceEntries().waited();
                rules.interrupts().waited();
            }
            case CommandDescriptor.INVALIDATE_DEVTAB_ENTRY ->
                rules.deviceEntries().invalidated(requester);
            case CommandDescriptor.INVALIDATE_IOMMU_PAGES ->
                invalidated(Invalidation.of(qword0, qword1, CommandDescriptor.domain(qword0)));
            case CommandDescriptor.INVALIDATE_INTERRUPT_TABLE ->
                rules.interrupts().invalidated(requester);
            case CommandDescriptor.INVALIDATE_IOMMU_ALL -> {
                invalidatedAll();
                rules.deviceEntries().invalidatedAll();
                rules.interrupts().invalidatedAll();
            }
            default -> {}
        }
    }

    /** The command's bytes are not in the recording: it may have been any. */
    void notRecorded(IommuRules rules) {
        invalidations.forgetAll();
        notPresent.forgetAll();
        rules.deviceEntries().invalidatedAll();
        rules.interrupts().invalidatedAll();
    }

    /** A command of a guest's ring that hardware executed. */
    void guest(IommuRules rules, int guest, int ringHead, long qword0, long qword1) {
        invalidations.onRing(guest);
        rules.rings().guestCommand(machine.iommu(now.iommu()), guest, ringHead, qword0, qword1);
        switch (CommandDescriptor.opcode(qword0)) {
            case CommandDescriptor.COMPLETION_WAIT -> invalidations.waited();
            case CommandDescriptor.INVALIDATE_IOMMU_PAGES -> {
                int domain = rules.guests().hostDomain(guest, CommandDescriptor.domain(qword0));
                if (domain >= 0) {
                    invalidated(Invalidation.ofGuest(qword0, qword1, domain));
                }
            }
            case CommandDescriptor.INVALIDATE_DEVTAB_ENTRY ->
                rules.views().invalidated(guest, CommandDescriptor.requester(qword0));
            case CommandDescriptor.INVALIDATE_IOMMU_ALL -> invalidatedAll();
            default -> {}
        }
    }

    private void invalidated(Invalidation what) {
        invalidations.invalidated(what);
        notPresent.invalidated(what);
    }

    private void invalidatedAll() {
        invalidations.invalidatedAll();
        notPresent.forgetAll();
    }
}
