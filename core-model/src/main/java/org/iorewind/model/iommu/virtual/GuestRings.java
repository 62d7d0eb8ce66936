package org.iorewind.model.iommu.virtual;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.command.CommandExecutor;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.log.GuestEventDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.StatusDescriptor;
import org.iorewind.model.iommu.virtual.PrivateSpace.Outcome;
import org.iorewind.model.memory.MemoryStatus;

/**
 * The command rings of guests (amd-viommu reference 5.1): which of them have work, in what order they are served, and the
 * fetch.
 *
 * <pre>
 *   tail written ──▶ ready ──▶ in rounds, one command of each ready guest in the order of GuestIDs (MC-V11) ──▶ GuestCommand
 *                      ▲                                    │
 *                      └── the command waits for devices ◀──┴──▶ empty, or stopped: no longer ready
 * </pre>
 *
 * <p>The host's ring comes first: this runs when it has nothing more to do. IommuEn, vIommuEn and vCmdEn must be set. One
 * call takes at most as many commands as the rings have places. The dirty status in private memory is written when a
 * doorbell's work is over, since nobody can look in between. Not thread-safe; allocates nothing.
 */
final class GuestRings {
    private static final int FLAGS = EventDescriptor.FLAG_V_CMD | EventDescriptor.FLAG_VNR;

    private final PrivateSpace space;
    private final EffectSink effects;
    private final EventReports events;
    private final CommandExecutor executor;
    private final GuestImages images;
    private final GuestCommand command;
    private final GuestSet ready = new GuestSet();

    GuestRings(
            PrivateSpace space,
            EffectSink effects,
            EventReports events,
            CommandExecutor executor,
            GuestImages images,
            GuestCommand command) {
        this.space = space;
        this.effects = effects;
        this.events = events;
        this.executor = executor;
        this.images = images;
        this.command = command;
    }

    /** A pointer or the enable bit of a guest's ring was written. */
    void doorbell(int guest) {
        GuestImage image = images.find(guest);
        if (image != null) {
            settle(image);
            process();
            markDirty(image);
        }
    }

    /** Takes commands until all rings are empty, stopped, or wait for devices. */
    void process() {
        if (ready.isEmpty() || !space.takesCommands()) {
            return;
        }
        boolean goesOn = true;
        while (goesOn) {
            goesOn = false;
            for (int guest = ready.next(0); guest >= 0; guest = ready.next(guest + 1)) {
                goesOn |= serve(images.get(guest));
            }
        }
    }

    /** Takes one command; false when it must wait. */
    private boolean serve(GuestImage image) {
        boolean isTaken = takeOne(image);
        if (!image.hasWork()) {
            ready.remove(image.guest());
            markDirty(image);
        }
        return isTaken;
    }

    private void settle(GuestImage image) {
        if (image.hasWork()) {
            ready.add(image.guest());
        } else {
            ready.remove(image.guest());
        }
    }

    private boolean takeOne(GuestImage image) {
        int guest = image.guest();
        int head = image.head();
        long base = RegisterDescriptor.base(image.control(GuestControlDescriptor.COMMAND));
        long region = PrivateSpaceDescriptor.COMMAND_RINGS;
        // 1. Where the command stands.
        Outcome outcome = space.translateBuffer(image, base, region, head, AccessKind.READ, FLAGS);
        if (outcome != Outcome.FOUND) {
            return notFound(image, outcome, space.bufferAddress(image, base, region, head));
        }
        long at = space.physical();
        // 2. The fetch.
        MemoryStatus status = space.memory().load(at, 2);
        if (status != MemoryStatus.OK) {
            effects.memoryFailure(MemoryUse.COMMAND, at, status);
            if (status == MemoryStatus.NOT_RECORDED) {
                return skip(image);
            }
            long address = space.bufferAddress(image, base, region, head);
            events.virtualHardwareError(guest, GuestEventDescriptor.SOURCE_COMMAND, FLAGS, status, address);
            stop(image);
            return true;
        }
        // 3. The command itself.
        switch (command.take(
                image, at, base + head, space.memory().word(0), space.memory().word(1))) {
            case DONE -> image.advance();
            case STOP -> stop(image);
            case WAIT -> {
                return false;
            }
        }
        return true;
    }

    private boolean notFound(GuestImage image, Outcome outcome, long address) {
        if (outcome == Outcome.NOT_RECORDED) {
            return skip(image);
        }
        if (outcome == Outcome.FAULT) {
            events.virtualHardwareError(
                    image.guest(), GuestEventDescriptor.SOURCE_COMMAND, FLAGS, MemoryStatus.OK, address);
        }
        stop(image);
        return true;
    }

    /** A command that the recording does not hold. */
    private boolean skip(GuestImage image) {
        executor.unknownCommand();
        image.advance();
        return true;
    }

    /** The ring stands still until RESET_VMMIO, or until CmdBufEn goes from 0 to 1. */
    private void stop(GuestImage image) {
        executor.stopped();
        image.clear(StatusDescriptor.CMD_BUF_RUN);
        effects.guestStopped(image.guest());
    }

    /** Brings the dirty status in private memory up to date: 1 while the head is not the tail. */
    private void markDirty(GuestImage image) {
        boolean isDirty = image.head() != image.tail();
        if (isDirty != image.isDirty()) {
            writeDirty(image, isDirty);
        }
    }

    private void writeDirty(GuestImage image, boolean isDirty) {
        int guest = image.guest();
        long address = PrivateSpaceDescriptor.dirtyQuadword(guest);
        Outcome outcome = space.translate(guest, address, AccessKind.WRITE, EventDescriptor.FLAG_V_CMD);
        MemoryStatus status = MemoryStatus.OK;
        if (outcome == Outcome.FOUND) {
            long at = space.physical();
            status = space.memory().load(at, 1);
            if (status == MemoryStatus.OK) {
                long bit = PrivateSpaceDescriptor.dirtyBit(guest);
                long old = space.memory().word(0);
                status = space.memory().store(at, isDirty ? old | bit : old & ~bit);
            }
            if (status != MemoryStatus.OK) {
                effects.memoryFailure(MemoryUse.VIRTUAL, at, status);
            }
        }
        image.setDirty(isDirty);
        if (outcome == Outcome.FAULT || status == MemoryStatus.ABORT || status == MemoryStatus.POISON) {
            int flags = EventDescriptor.FLAG_V_CMD | EventDescriptor.FLAG_RW;
            events.virtualHardwareError(guest, GuestEventDescriptor.SOURCE_REGISTERS, flags, status, address);
        }
    }

    /** A guest's registers were reset. */
    void settleAfterReset(GuestImage image) {
        settle(image);
        markDirty(image);
    }

    /** Finds out afresh which rings have work. */
    void restore() {
        ready.clear();
        images.forEach(this::settle);
    }

    /** Forgets everything. */
    void reset() {
        ready.clear();
    }
}
