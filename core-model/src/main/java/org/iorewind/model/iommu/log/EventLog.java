package org.iorewind.model.iommu.log;

import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_BASE;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_HEAD;
import static org.iorewind.model.iommu.register.RegisterDescriptor.EVENT_TAIL;
import static org.iorewind.model.iommu.register.RegisterDescriptor.STATUS;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.quirk.EventRules;
import org.iorewind.model.iommu.quirk.SignalRules;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.iommu.register.StatusDescriptor;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;

/**
 * The event log in memory (reference 4.5). Every event is told to the sink, with whether it was written. An entry whose
 * store fails is lost, and the tail stays (MC-12). Not thread-safe; allocates nothing.
 */
public final class EventLog implements EventReports {
    private static final long DEVICE_ENTRY_ADDRESS_MASK = ~0xFL;
    private static final long TABLE_ENTRY_ADDRESS_MASK = ~0x7L;
    private static final long IOVA_MASK = ~0x3L;

    private final RegisterFile registers;
    private final MemoryPort memory;
    private final EffectSink effects;
    private final EventRules rules;
    private final SignalRules signalRules;
    private final Signals signals;

    /** Binds the parts. */
    public EventLog(
            RegisterFile registers, IommuOptions options, MemoryPort memory, EffectSink effects, Signals signals) {
        this.registers = registers;
        this.memory = memory;
        this.effects = effects;
        this.rules = options.quirks().events();
        this.signalRules = options.quirks().signals();
        this.signals = signals;
    }

    @Override
    public void illegalDeviceEntry(int requester, int flags, long address) {
        post(EventDescriptor.ILLEGAL_DEV_TABLE_ENTRY, flags, 0, requester, address & IOVA_MASK, 0, false);
    }

    @Override
    public void pageFault(int requester, int domain, int flags, long address, boolean suppressed) {
        post(EventDescriptor.IO_PAGE_FAULT, flags, domain, requester, address, 0, suppressed);
    }

    @Override
    public void deviceTableError(int requester, int flags, MemoryStatus status, long address) {
        int typed = flags | typeOf(status);
        long entry = address & DEVICE_ENTRY_ADDRESS_MASK;
        post(EventDescriptor.DEV_TAB_HARDWARE_ERROR, typed, 0, requester, entry, 0, false);
    }

    @Override
    public void pageTableError(int requester, int domain, int flags, MemoryStatus status, long address) {
        int typed = flags | typeOf(status);
        long entry = address & TABLE_ENTRY_ADDRESS_MASK;
        post(EventDescriptor.PAGE_TAB_HARDWARE_ERROR, typed, domain, requester, entry, 0, false);
    }

    @Override
    public void illegalCommand(int opcode, long address) {
        post(EventDescriptor.ILLEGAL_COMMAND_ERROR, 0, 0, 0, address, opcode, false);
    }

    @Override
    public void commandHardwareError(MemoryStatus status, long address) {
        long access = address & DEVICE_ENTRY_ADDRESS_MASK;
        post(EventDescriptor.COMMAND_HARDWARE_ERROR, typeOf(status), 0, 0, access, 0, false);
    }

    /**
     * Writes an entry as it is, as if the hardware had found the event: used to inject events into a replay.
     *
     * @param quadword0 first half
     * @param quadword1 second half
     */
    public void force(long quadword0, long quadword1) {
        append(quadword0, quadword1, false);
    }

    private void post(int code, int flags, int domain, int requester, long address, int opcode, boolean suppressed) {
        long q0 = EventDescriptor.quadword0(code, flags, domain, requester);
        append(rules.quadword0(q0, opcode), rules.quadword1(address), suppressed || !rules.recordsEvents());
    }

    private void append(long q0, long q1, boolean suppressed) {
        long base = registers.get(EVENT_BASE);
        int sizeMask = RegisterDescriptor.ringEntries(base) * RegisterDescriptor.RING_ENTRY_BYTES - 1;
        int tail = pointer(EVENT_TAIL) & sizeMask;
        // 1. Logging is active only while EventLogRun=1 and EventOverflow=0.
        boolean active = registers.isSet(STATUS, StatusDescriptor.EVENT_LOG_RUN)
                && !registers.isSet(STATUS, StatusDescriptor.EVENT_OVERFLOW);
        if (suppressed || !active) {
            effects.logEntry(LogKind.EVENT, tail, q0, q1, false);
            return;
        }
        // 2. One place stays free, so that a full log differs from an empty one.
        int next = tail + RegisterDescriptor.RING_ENTRY_BYTES & sizeMask;
        if (next == (pointer(EVENT_HEAD) & sizeMask)) {
            effects.logEntry(LogKind.EVENT, tail, q0, q1, false);
            signalRules.eventOverflow(signals);
            return;
        }
        // 3. The entry, then the tail.
        long at = RegisterDescriptor.base(base) + tail;
        MemoryStatus status = memory.store(at, q0);
        if (status == MemoryStatus.OK) {
            status = memory.store(at + Long.BYTES, q1);
        }
        if (status != MemoryStatus.OK) {
            effects.memoryFailure(MemoryUse.LOG, at, status);
            effects.logEntry(LogKind.EVENT, tail, q0, q1, false);
            return;
        }
        registers.set(EVENT_TAIL, next);
        effects.logEntry(LogKind.EVENT, tail, q0, q1, true);
        // 4. Status bit and interrupt.
        signalRules.eventWritten(signals);
    }

    private int pointer(int register) {
        return (int) (registers.get(register) & RegisterDescriptor.POINTER_MASK);
    }

    /** An access that nobody answers ends in a master abort; no port tells the other kind apart (MC-13). */
    private static int typeOf(MemoryStatus status) {
        return status == MemoryStatus.POISON ? EventDescriptor.TYPE_DATA_ERROR : EventDescriptor.TYPE_MASTER_ABORT;
    }
}
