package org.iorewind.model.iommu.command;

import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.COMMAND_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.STATUS;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.quirk.CommandRules;
import org.iorewind.model.iommu.quirk.CommandRules.Continuation;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.iommu.register.StatusDescriptor;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;
import org.jspecify.annotations.Nullable;

/**
 * The command buffer (reference 3.1). Pointers beyond the ring count modulo its size (MC-15). One call takes at most as
 * many commands as the ring has places. CmdBufRun=0 tells software that no command is in flight, so invalidations that still
 * wait take effect before it drops (MC-113). Not thread-safe; allocates nothing.
 */
public final class CommandRing {
    private final RegisterFile registers;
    private final IommuOptions options;
    private final MemoryPort memory;
    private final EffectSink effects;
    private final EventReports events;
    private final CommandExecutor executor;
    private final CommandRules rules;

    @Nullable
    private final GuestCommands guests;

    /** Binds the parts; {@code guests} is null without hardware vIOMMU. */
    public CommandRing(
            RegisterFile registers,
            IommuOptions options,
            MemoryPort memory,
            EffectSink effects,
            EventReports events,
            CommandExecutor executor,
            @Nullable GuestCommands guests) {
        this.registers = registers;
        this.options = options;
        this.memory = memory;
        this.effects = effects;
        this.events = events;
        this.executor = executor;
        this.guests = guests;
        this.rules = options.quirks().commands();
    }

    /** Takes commands until the ring is empty or stops. */
    public void process() {
        if (!isRunning()) {
            executor.stopped();
            return;
        }
        // Each round either ends the loop, stops the ring or brings the head one place nearer to the tail, which no
        // command moves.
        boolean goesOn = true;
        while (goesOn && isRunning() && pointer(COMMAND_HEAD) != pointer(COMMAND_TAIL)) {
            goesOn = takeOne();
        }
    }

    private boolean isRunning() {
        return registers.isSet(STATUS, StatusDescriptor.CMD_BUF_RUN);
    }

    /** False when the command must wait; it is read again when the ring goes on. */
    private boolean takeOne() {
        long base = RegisterDescriptor.base(registers.get(COMMAND_BASE));
        int head = pointer(COMMAND_HEAD);
        long at = base + head;
        MemoryStatus status = memory.load(at, 2);
        if (status == MemoryStatus.NOT_RECORDED) {
            effects.memoryFailure(MemoryUse.COMMAND, at, status);
            effects.commandNotRecorded(head, pointer(COMMAND_TAIL), base);
            executor.unknownCommand();
            advance(head);
            return true;
        }
        if (status != MemoryStatus.OK) {
            effects.memoryFailure(MemoryUse.COMMAND, at, status);
            events.commandHardwareError(status, at);
            goOn(rules.afterFailedFetch(), head);
            return true;
        }
        long q0 = memory.word(0);
        long q1 = memory.word(1);
        if (executor.holdsBack(q0)) {
            return false;
        }
        GuestCommands forGuests = guests;
        if (forGuests != null && CommandDescriptor.opcode(q0) == CommandDescriptor.INSERT_GUEST_EVENT) {
            return takeInsertion(forGuests, at, head, q0, q1);
        }
        effects.commandFetched(head, pointer(COMMAND_TAIL), base, q0, q1);
        goOn(checkAndExecute(at, q0, q1), head);
        return true;
    }

    /** The event stands in the next place (MC-V7): without one before the tail the command waits. */
    private boolean takeInsertion(GuestCommands forGuests, long at, int head, long q0, long q1) {
        int eventHead = head + RegisterDescriptor.RING_ENTRY_BYTES & sizeMask();
        int ringTail = pointer(COMMAND_TAIL);
        if (eventHead == ringTail) {
            return false;
        }
        long base = RegisterDescriptor.base(registers.get(COMMAND_BASE));
        effects.commandFetched(head, ringTail, base, q0, q1);
        MemoryStatus status = memory.load(base + eventHead, 2);
        if (status == MemoryStatus.OK) {
            forGuests.insertEvent(at, q0, q1, memory.word(0), memory.word(1));
        } else {
            effects.memoryFailure(MemoryUse.COMMAND, base + eventHead, status);
            if (status != MemoryStatus.NOT_RECORDED) {
                events.commandHardwareError(status, base + eventHead);
                goOn(rules.afterFailedFetch(), head);
                return true;
            }
        }
        advance(eventHead);
        return true;
    }

    private Continuation checkAndExecute(long at, long q0, long q1) {
        int opcode = CommandDescriptor.opcode(q0);
        long features = options.extendedFeatures();
        GuestCommands forGuests = opcode == CommandDescriptor.RESET_VMMIO ? guests : null;
        if (forGuests == null && !CommandDescriptor.isLegal(opcode, options.isIotlbSupported(), features)) {
            events.illegalCommand(opcode, at);
            return rules.afterIllegalOpcode();
        }
        long reserved1 = q1 & CommandDescriptor.reserved1(opcode, features);
        long reserved = q0 & CommandDescriptor.reserved0(opcode) | rules.checkedReservedBits(opcode, reserved1);
        if (reserved != 0) {
            events.illegalCommand(opcode, at);
            Continuation continuation = rules.afterReservedBits(opcode);
            if (continuation != Continuation.EXECUTE) {
                return continuation;
            }
        }
        if (forGuests != null) {
            forGuests.reset(q0);
            return Continuation.IGNORE;
        }
        return executor.execute(at, q0, q1);
    }

    private void goOn(Continuation continuation, int head) {
        if (continuation == Continuation.HALT) {
            executor.stopped();
            registers.clear(STATUS, StatusDescriptor.CMD_BUF_RUN);
        } else {
            advance(head);
        }
    }

    private void advance(int head) {
        registers.set(COMMAND_HEAD, head + RegisterDescriptor.RING_ENTRY_BYTES & sizeMask());
    }

    private int pointer(int register) {
        return (int) (registers.get(register) & RegisterDescriptor.POINTER_MASK) & sizeMask();
    }

    private int sizeMask() {
        int entries = RegisterDescriptor.ringEntries(registers.get(COMMAND_BASE));
        return entries * RegisterDescriptor.RING_ENTRY_BYTES - 1;
    }
}
