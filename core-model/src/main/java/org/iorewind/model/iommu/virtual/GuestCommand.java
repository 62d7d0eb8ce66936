package org.iorewind.model.iommu.virtual;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.GuestSignal;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.command.CommandDescriptor;
import org.iorewind.model.iommu.command.CommandExecutor;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.log.GuestEventDescriptor;
import org.iorewind.model.iommu.register.StatusDescriptor;
import org.iorewind.model.iommu.virtual.PrivateSpace.Outcome;
import org.iorewind.model.memory.MemoryStatus;

/**
 * What hardware makes of one command of a guest (amd-viommu reference 5.2, 5.3): checks it, puts the host's IDs in place of
 * the guest's, and has it executed like one of the host's.
 *
 * <pre>
 *   01h  store address by the translate DeviceID        02h 04h 05h 06h 07h  DeviceID by the guest's map
 *   03h  DomainID by the guest's map; with GN=0 everything of that DomainID goes (MC-V15)
 *   08h  everything of the guest's domains and devices  09h 0Ah  illegal (MC-V4)
 * </pre>
 *
 * <p>Errors, each of which stops the ring:
 *
 * <pre>
 *   opcode, reserved bits    ILLEGAL_COMMAND_ERROR in the guest's log, or as it is routed (MC-V17)
 *   ID without an entry      ILLEGAL_COMMAND_ERROR in the host's log with vCmd, GuestID in place of DeviceID (MC-V5)
 *   store not mapped         IO_PAGE_FAULT of the translate DeviceID in the host's log with vCmd (MC-V16)
 *   memory fails             VIOMMU_HARDWARE_ERROR with vCmd
 * </pre>
 *
 * <p>Not thread-safe; allocates nothing.
 */
final class GuestCommand {
    /** What becomes of the ring. */
    enum Continuation {
        /** The next command. */
        DONE,
        /** This command again, when devices have answered. */
        WAIT,
        /** It stops. */
        STOP
    }

    private static final int FLAGS = EventDescriptor.FLAG_V_CMD | EventDescriptor.FLAG_VNR;
    private static final int NO_ID = 0;
    private static final long DOMAIN_MASK = 0xFFFFL << 32;
    private static final long DEVICE_MASK = 0xFFFF;
    private static final long WHOLE_DOMAIN =
            0x7FFF_FFFF_FFFF_F000L | CommandDescriptor.DIRECTORIES | CommandDescriptor.MANY_PAGES;

    private final PrivateSpace space;
    private final IommuOptions options;
    private final EffectSink effects;
    private final EventReports events;
    private final CommandExecutor executor;
    private final IdMaps maps;
    private final GuestLogs logs;
    private final GuestSignals signals;

    GuestCommand(
            PrivateSpace space,
            IommuOptions options,
            EffectSink effects,
            EventReports events,
            CommandExecutor executor,
            IdMaps maps,
            GuestLogs logs,
            GuestSignals signals) {
        this.space = space;
        this.options = options;
        this.effects = effects;
        this.events = events;
        this.executor = executor;
        this.maps = maps;
        this.logs = logs;
        this.signals = signals;
    }

    /**
     * Takes a command.
     *
     * @param at system physical address of the command
     * @param guestAddress where it stands for the guest
     */
    Continuation take(GuestImage image, long at, long guestAddress, long q0, long q1) {
        int guest = image.guest();
        int opcode = CommandDescriptor.opcode(q0);
        // 1. Opcode and reserved bits.
        boolean isLegal = isLegal(opcode, q0, q1);
        // 2. The host's ID, and whether devices must answer first.
        int host = isLegal ? hostId(guest, opcode, q0) : NO_ID;
        long rewritten = rewrite(opcode, q0, Math.max(host, 0));
        if (isLegal && host >= 0 && executor.holdsBackGuest(guest, rewritten)) {
            return Continuation.WAIT;
        }
        effects.guestCommandFetched(guest, image.head(), image.tail(), q0, q1);
        if (!isLegal) {
            return illegal(image, at, guestAddress);
        }
        // 3. IDs that lead nowhere.
        if (host < 0) {
            return withoutId(guest, host, at);
        }
        // 4. Execution.
        switch (opcode) {
            case CommandDescriptor.COMPLETION_WAIT -> {
                return completionWait(image, q0, q1);
            }
            case CommandDescriptor.INVALIDATE_IOMMU_ALL ->
                executor.invalidateAllOf(maps.domainsOf(guest), maps.devicesOf(guest));
            case CommandDescriptor.INVALIDATE_IOMMU_PAGES -> {
                boolean isGuest = (q1 & CommandDescriptor.GUEST) != 0;
                executor.executeForGuest(guest, at, rewritten, isGuest ? q1 : WHOLE_DOMAIN);
            }
            default -> executor.executeForGuest(guest, at, rewritten, q1);
        }
        return Continuation.DONE;
    }

    private boolean isLegal(int opcode, long q0, long q1) {
        long features = options.extendedFeatures();
        return CommandDescriptor.isLegal(opcode, options.isIotlbSupported(), features)
                && (q0 & CommandDescriptor.reserved0(opcode) | q1 & CommandDescriptor.reserved1(opcode, features)) == 0;
    }

    private int hostId(int guest, int opcode, long q0) {
        return switch (opcode) {
            case CommandDescriptor.COMPLETION_WAIT, CommandDescriptor.INVALIDATE_IOMMU_ALL -> NO_ID;
            case CommandDescriptor.INVALIDATE_IOMMU_PAGES -> maps.find(guest, false, CommandDescriptor.domain(q0));
            default -> maps.find(guest, true, CommandDescriptor.requester(q0));
        };
    }

    private static long rewrite(int opcode, long q0, long host) {
        return switch (opcode) {
            case CommandDescriptor.COMPLETION_WAIT, CommandDescriptor.INVALIDATE_IOMMU_ALL -> q0;
            case CommandDescriptor.INVALIDATE_IOMMU_PAGES -> q0 & ~DOMAIN_MASK | host << 32;
            default -> q0 & ~DEVICE_MASK | host;
        };
    }

    private Continuation illegal(GuestImage image, long at, long guestAddress) {
        if (logs.takesEvents(image)) {
            long q0 = EventDescriptor.quadword0(EventDescriptor.ILLEGAL_COMMAND_ERROR, 0, 0, 0);
            logs.append(image, q0, guestAddress);
        } else {
            events.illegalGuestCommand(image.guest(), FLAGS, at);
        }
        return Continuation.STOP;
    }

    private Continuation withoutId(int guest, int code, long at) {
        if (code == IdMaps.NOT_RECORDED) {
            executor.unknownCommand();
            return Continuation.DONE;
        }
        if (code == IdMaps.UNMAPPED) {
            events.illegalGuestCommand(guest, FLAGS, at);
        }
        return Continuation.STOP;
    }

    /** Earlier commands are complete before anything tells so. */
    private Continuation completionWait(GuestImage image, long q0, long data) {
        executor.stopped();
        if ((q0 & CommandDescriptor.STORE) != 0 && !isStored(image, q0 & CommandDescriptor.STORE_ADDRESS_MASK, data)) {
            return Continuation.STOP;
        }
        if ((q0 & CommandDescriptor.INTERRUPT) != 0) {
            long control = image.control(GuestControlDescriptor.COMMAND);
            boolean isEnabled = (control & GuestControlDescriptor.INTERRUPT_ENABLE) != 0;
            signals.rise(image, StatusDescriptor.COM_WAIT_INT, isEnabled, GuestSignal.COMPLETION_WAIT);
        }
        return Continuation.DONE;
    }

    /** False when the ring must stop; what the recording does not hold goes on. */
    private boolean isStored(GuestImage image, long guestAddress, long data) {
        int guest = image.guest();
        int device = PrivateSpace.translateDevice(image);
        Outcome outcome = space.translate(guest, device, guestAddress, AccessKind.WRITE, FLAGS);
        int flags = FLAGS | EventDescriptor.FLAG_RW;
        if (outcome == Outcome.FAULT) {
            events.pageFault(device, space.domain(), flags | space.faultFlags(), guestAddress, false);
        }
        if (outcome != Outcome.FOUND) {
            return outcome == Outcome.NOT_RECORDED;
        }
        long at = space.physical();
        MemoryStatus status = space.memory().store(at, data);
        if (status == MemoryStatus.OK) {
            effects.guestCompletionStore(guest, guestAddress, at, data);
            return true;
        }
        effects.memoryFailure(MemoryUse.COMPLETION_STORE, at, status);
        if (status != MemoryStatus.NOT_RECORDED) {
            events.virtualHardwareError(guest, GuestEventDescriptor.SOURCE_COMMAND, flags, status, guestAddress);
        }
        return status == MemoryStatus.NOT_RECORDED;
    }
}
