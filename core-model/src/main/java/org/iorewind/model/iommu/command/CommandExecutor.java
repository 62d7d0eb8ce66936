package org.iorewind.model.iommu.command;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.Feature;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.ats.DeviceInvalidations;
import org.iorewind.model.iommu.cache.IdSet;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.log.Signals;
import org.iorewind.model.iommu.quirk.CommandRules;
import org.iorewind.model.iommu.quirk.CommandRules.Continuation;
import org.iorewind.model.iommu.quirk.SignalRules;
import org.iorewind.model.iommu.quirk.TranslationGate;
import org.iorewind.model.iommu.register.CompletionWindow;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;

/** What each command does (reference 3.3); invalidations are handed on. Not thread-safe; allocates nothing after construction. */
public final class CommandExecutor {
    private static final int HOST = 0;

    private final IommuOptions options;
    private final MemoryPort memory;
    private final EffectSink effects;
    private final Parts parts;
    private final CommandRules rules;
    private final SignalRules signalRules;
    private final CompletionWindow window;

    /**
     * What commands act on.
     *
     * @param pending takes the invalidations
     * @param invalidations what they do
     * @param deviceInvalidations what is on its way to devices
     * @param prefetcher fills the cache of translations
     * @param gate told of announced devices
     * @param events where errors go
     * @param signals status bits and own interrupts
     */
    public record Parts(
            PendingInvalidations pending,
            Invalidations invalidations,
            DeviceInvalidations deviceInvalidations,
            Prefetcher prefetcher,
            TranslationGate gate,
            EventReports events,
            Signals signals) {}

    /** Binds the parts. */
    public CommandExecutor(
            RegisterFile registers, IommuOptions options, MemoryPort memory, EffectSink effects, Parts parts) {
        this.options = options;
        this.memory = memory;
        this.effects = effects;
        this.parts = parts;
        this.rules = options.quirks().commands();
        this.signalRules = options.quirks().signals();
        this.window = new CompletionWindow(registers, options);
    }

    /**
     * Whether a command must wait in the ring until devices have answered.
     *
     * @param q0 first half of a command, legal or not
     */
    boolean holdsBack(long q0) {
        return parts.deviceInvalidations().holdsBack(q0);
    }

    /** The same for the ring of a guest, which waits only for what it has sent itself. */
    public boolean holdsBackGuest(int guest, long q0) {
        return parts.deviceInvalidations().holdsBack(q0, guest + 1);
    }

    /**
     * Executes a command of a guest's ring that names the host's IDs: none of COMPLETION_WAIT and INVALIDATE_IOMMU_ALL.
     *
     * @param at system physical address of the command
     */
    public void executeForGuest(int guest, long at, long q0, long q1) {
        if (CommandDescriptor.opcode(q0) == CommandDescriptor.INVALIDATE_IOTLB_PAGES) {
            invalidateDevicePages(at, q0, q1, guest + 1);
        } else {
            execute(at, q0, q1);
        }
    }

    /** INVALIDATE_IOMMU_ALL of a guest, limited to these domains and devices. */
    public void invalidateAllOf(IdSet domains, IdSet devices) {
        parts.pending().completeAll();
        parts.invalidations().invalidateAllOf(domains, devices);
    }

    /**
     * Executes a legal command.
     *
     * @param at where it stands
     * @param q0 first half
     * @param q1 second half
     * @return {@link Continuation#HALT} when the ring must stop on this command
     */
    public Continuation execute(long at, long q0, long q1) {
        switch (CommandDescriptor.opcode(q0)) {
            case CommandDescriptor.COMPLETION_WAIT -> {
                return completionWait(q0, q1);
            }
            case CommandDescriptor.INVALIDATE_DEVTAB_ENTRY,
                    CommandDescriptor.INVALIDATE_IOMMU_PAGES,
                    CommandDescriptor.INVALIDATE_INTERRUPT_TABLE,
                    CommandDescriptor.INVALIDATE_IOMMU_ALL -> parts.pending().submit(q0, q1);
            case CommandDescriptor.INVALIDATE_IOTLB_PAGES -> invalidateDevicePages(at, q0, q1, HOST);
            case CommandDescriptor.COMPLETE_PPR_REQUEST -> completePageRequest(q0, q1);
            default -> parts.prefetcher().execute(q0, q1);
        }
        return Continuation.IGNORE;
    }

    /**
     * A device that fetches a translation again must find what earlier commands left: their effects come first, whatever the
     * policy of delays (MC-176).
     */
    private void invalidateDevicePages(long at, long q0, long q1, int owner) {
        parts.pending().completeAll();
        if (!parts.invalidations().dropsDevicePages(q0, q1)) {
            parts.deviceInvalidations().send(q0, q1, at, owner);
        }
    }

    /** Earlier commands are complete before anything tells so; f adds nothing, since later commands are fetched later. */
    private Continuation completionWait(long q0, long data) {
        parts.pending().completeAll();
        if ((q0 & CommandDescriptor.STORE) != 0) {
            long address = q0 & CommandDescriptor.STORE_ADDRESS_MASK;
            MemoryStatus status = window.allows(address) ? memory.store(address, data) : MemoryStatus.ABORT;
            if (status == MemoryStatus.OK) {
                effects.completionStore(address, data);
            } else {
                effects.memoryFailure(MemoryUse.COMPLETION_STORE, address, status);
                if (status != MemoryStatus.NOT_RECORDED && rules.afterFailedStore() == Continuation.HALT) {
                    parts.events().commandHardwareError(status, address);
                    return Continuation.HALT;
                }
            }
        }
        if ((q0 & CommandDescriptor.INTERRUPT) != 0) {
            signalRules.completionWait(parts.signals());
        }
        return Continuation.IGNORE;
    }

    /** The ring stops, or waits for completion: no command is in flight any more. */
    public void stopped() {
        parts.pending().completeAll();
    }

    /** A command was due that the recording does not hold: it may have announced any device. */
    public void unknownCommand() {
        parts.gate().allUnknown();
    }

    private void completePageRequest(long q0, long q1) {
        int requester = CommandDescriptor.requester(q0);
        if (options.quirks().registers().hasOptionalLogs()) {
            int pasid = CommandDescriptor.completedPasid(q0, q1);
            int code = CommandDescriptor.completionCode(q1);
            effects.pageResponse(requester, pasid, CommandDescriptor.completedGroup(q1), code);
        } else {
            effects.notModelled(Feature.PAGE_REQUESTS, requester);
        }
    }
}
