package org.iorewind.model.iommu.log;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.LogKind;
import org.iorewind.model.iommu.OwnInterrupt;
import org.iorewind.model.iommu.quirk.EventRules;
import org.iorewind.model.iommu.quirk.SignalRules;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.DualLogDescriptor;
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

    private static final DualLog.Layout LAYOUT = new DualLog.Layout(
            new LogRing.Layout(
                    LogKind.EVENT,
                    RegisterDescriptor.EVENT_BASE,
                    RegisterDescriptor.EVENT_HEAD,
                    RegisterDescriptor.EVENT_TAIL,
                    RegisterDescriptor.RING_ENTRY_BYTES,
                    StatusDescriptor.EVENT_LOG_RUN,
                    StatusDescriptor.EVENT_OVERFLOW),
            new LogRing.Layout(
                    LogKind.EVENT,
                    RegisterDescriptor.EVENT_BASE_B,
                    RegisterDescriptor.EVENT_HEAD_B,
                    RegisterDescriptor.EVENT_TAIL_B,
                    RegisterDescriptor.RING_ENTRY_BYTES,
                    StatusDescriptor.EVENT_LOG_RUN,
                    StatusDescriptor.EVENT_OVERFLOW_B),
            StatusDescriptor.EVENT_LOG_ACTIVE,
            DualLogDescriptor.EVENT_SHIFT,
            DualLogDescriptor.EVENT_SUPPORT);

    private final DualLog log;
    private final EventRules rules;
    private final SignalRules signalRules;
    private final Signals signals;
    private final HardwareEvents hardwareEvents;
    private GuestFaults guestFaults = (guest, guestDevice, pasid, flags, address) -> false;

    /** Binds the parts. */
    public EventLog(
            RegisterFile registers, IommuOptions options, MemoryPort memory, EffectSink effects, Signals signals) {
        this.log = new DualLog(registers, options, memory, effects, LAYOUT);
        this.rules = options.quirks().events();
        this.signalRules = options.quirks().signals();
        this.signals = signals;
        this.hardwareEvents = new HardwareEvents(registers, options);
    }

    /** Hands faults of guests' own tables on; without this all are for the host. */
    public void attach(GuestFaults faults) {
        guestFaults = faults;
    }

    @Override
    public void illegalDeviceEntry(int requester, int pasid, int flags, long address) {
        post(EventDescriptor.ILLEGAL_DEV_TABLE_ENTRY, flags, pasid, requester, address & IOVA_MASK, 0, false);
    }

    @Override
    public boolean pageFault(int requester, int tag, int flags, long address, boolean suppressed) {
        return post(EventDescriptor.IO_PAGE_FAULT, flags, tag, requester, address, 0, suppressed);
    }

    @Override
    public void deviceTableError(int requester, int flags, MemoryStatus status, long address) {
        int typed = flags | typeOf(status);
        long entry = address & DEVICE_ENTRY_ADDRESS_MASK;
        post(EventDescriptor.DEV_TAB_HARDWARE_ERROR, typed, 0, requester, entry, 0, false);
    }

    @Override
    public void pageTableError(int requester, int tag, int flags, MemoryStatus status, long address) {
        int typed = flags | typeOf(status);
        long entry = address & TABLE_ENTRY_ADDRESS_MASK;
        post(EventDescriptor.PAGE_TAB_HARDWARE_ERROR, typed, tag, requester, entry, 0, false);
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

    @Override
    public void invalidPageRequest(long quadword0, long address) {
        append(rules.quadword0(quadword0, 0), rules.quadword1(address), !rules.recordsEvents());
    }

    @Override
    public void deviceTimeout(int requester, long address) {
        long command = address & DEVICE_ENTRY_ADDRESS_MASK;
        post(EventDescriptor.IOTLB_INV_TIMEOUT, 0, 0, requester, command, 0, false);
    }

    @Override
    public void invalidDeviceRequest(int requester, int pasid, int flags, int type, long address) {
        int typed = flags | InvalidRequestDescriptor.typeFlags(type);
        post(EventDescriptor.INVALID_DEVICE_REQUEST, typed, pasid, requester, address, 0, false);
    }

    @Override
    public void counterZero(long note) {
        long q0 = EventDescriptor.quadword0(EventDescriptor.EVENT_COUNTER_ZERO, 0, 0, 0);
        append(rules.quadword0(q0, 0), CounterEventDescriptor.quadword1(note), !rules.recordsEvents());
    }

    @Override
    public boolean guestPageFault(int guest, int guestDevice, int pasid, int flags, long address) {
        return guestFaults.pageFault(guest, guestDevice, pasid, flags, address);
    }

    @Override
    public void illegalGuestCommand(int guest, int flags, long address) {
        post(EventDescriptor.ILLEGAL_COMMAND_ERROR, flags, 0, guest, address, 0, false);
    }

    @Override
    public void guestEventFault(int guest, int flags, long address) {
        append(GuestEventDescriptor.fault(guest, flags), address, false);
    }

    @Override
    public void virtualHardwareError(int guest, int source, int flags, MemoryStatus status, long address) {
        int typed = flags | (status == MemoryStatus.OK ? 0 : typeOf(status));
        append(GuestEventDescriptor.hardwareError(guest, source, typed), address, false);
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

    private boolean post(int code, int flags, int tag, int requester, long address, int opcode, boolean suppressed) {
        long q0 = EventDescriptor.quadword0(code, flags, tag, requester);
        return append(rules.quadword0(q0, opcode), rules.quadword1(address), suppressed || !rules.recordsEvents());
    }

    /** Whether an entry was written. */
    private boolean append(long q0, long q1, boolean suppressed) {
        hardwareEvents.note(q0, q1);
        if (suppressed) {
            log.active().suppress(q0, q1);
            return false;
        }
        if (log.mustSwap()) {
            signals.rise(log.overflowBit(), signals.isEnabled(ControlDescriptor.EVENT_INT_EN), OwnInterrupt.EVENT_LOG);
            log.swap();
        }
        return switch (log.active().append(q0, q1, rules.countsFailedStores())) {
            case WRITTEN -> {
                signalRules.eventWritten(signals);
                yield true;
            }
            case FULL -> {
                signalRules.eventOverflow(signals, log.overflowBit());
                yield false;
            }
            // nobody is told but the sink
            case DISCARDED -> false;
        };
    }

    /** An access that nobody answers ends in a master abort; no port tells the other kind apart (MC-13). */
    private static int typeOf(MemoryStatus status) {
        return status == MemoryStatus.POISON ? EventDescriptor.TYPE_DATA_ERROR : EventDescriptor.TYPE_MASTER_ABORT;
    }
}
