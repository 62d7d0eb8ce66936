package org.iorewind.model.iommu.interrupt;

import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.InterruptDecision;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.cache.InterruptEntryCache;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.quirk.DeviceEntryRules;
import org.iorewind.model.iommu.quirk.InterruptRules;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.iommu.table.DeviceTable;
import org.iorewind.model.iommu.translate.AddressClass;
import org.iorewind.model.iommu.translate.InvalidRequest;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;

/** Decides interrupt requests (reference 8.1 to 8.7). Not thread-safe; allocates nothing after construction. */
public final class InterruptRemapper {
    private static final int MODE_LOWEST_PRIORITY = 1;
    private static final int MODE_SYSTEM_MANAGEMENT = 2;
    private static final int MODE_NMI = 4;
    private static final int MODE_INIT = 5;
    private static final int MODE_EXTERNAL = 7;

    private final RegisterFile registers;
    private final IommuOptions options;
    private final MemoryPort memory;
    private final EffectSink effects;
    private final DeviceTable deviceTable;
    private final InterruptEntryCache cache;
    private final EventReports events;
    private final GuestInterrupts guestInterrupts;
    private final InterruptRules rules;
    private final DeviceEntryRules entryRules;
    private final SmiFilter smiFilter;
    private final DeviceEntry entry = new DeviceEntry();
    private final RemappedMessage message = new RemappedMessage();

    private int requester;
    private long address;
    private int data;
    private long deliveredAddress;
    private int deliveredData;
    private int irteBytes;
    private long irteAddress;
    private long irteLow;
    private long irteHigh;

    /** Binds the parts. */
    public InterruptRemapper(
            RegisterFile registers,
            IommuOptions options,
            MemoryPort memory,
            EffectSink effects,
            DeviceTable deviceTable,
            InterruptEntryCache cache,
            EventReports events,
            GuestInterrupts guestInterrupts) {
        this.registers = registers;
        this.options = options;
        this.memory = memory;
        this.effects = effects;
        this.deviceTable = deviceTable;
        this.cache = cache;
        this.events = events;
        this.guestInterrupts = guestInterrupts;
        this.rules = options.quirks().interrupts();
        this.entryRules = options.quirks().deviceEntries();
        this.smiFilter = new SmiFilter(registers, options);
    }

    /** Decides one message and tells the sink. */
    public InterruptDecision remap(int requestRequester, long requestAddress, int requestData) {
        requester = requestRequester;
        address = requestAddress;
        data = requestData;
        deliveredAddress = 0;
        deliveredData = 0;
        irteBytes = 0;
        irteAddress = 0;
        irteLow = 0;
        irteHigh = 0;
        InterruptDecision decision = decide();
        effects.interrupt(
                requester,
                decision,
                address,
                data,
                deliveredAddress,
                deliveredData,
                irteBytes,
                irteAddress,
                irteLow,
                irteHigh);
        return decision;
    }

    private InterruptDecision decide() {
        // 1. The IOMMU is off, or does not remap.
        boolean isOn = registers.isSet(RegisterDescriptor.CONTROL, ControlDescriptor.IOMMU_EN);
        long tableBase = registers.get(RegisterDescriptor.DEVICE_TABLE_BASE);
        if (!options.isInterruptRemapping() || !rules.isActive(isOn, tableBase)) {
            return pass();
        }
        if (!rules.isRemappable(address)) {
            return InterruptDecision.ABORTED;
        }
        // 2. The device table entry.
        if (!deviceTable.covers(requester)) {
            return fault(0, false);
        }
        MemoryStatus status = deviceTable.fetch(requester, entry);
        if (status == MemoryStatus.NOT_RECORDED) {
            return InterruptDecision.NOT_RECORDED;
        }
        if (status != MemoryStatus.OK) {
            events.deviceTableError(requester, EventDescriptor.FLAG_I, status, entry.address());
            return InterruptDecision.ABORTED;
        }
        // 3. Reserved bits; those of an entry with IV=0 do not count, by the specification.
        if (entryRules.reservedBitsForInterrupts(entry, options)) {
            return illegalEntry(EventDescriptor.FLAG_RZ);
        }
        // 4. IV=0: forwarded unmodified.
        if (!entry.isInterruptValid()) {
            return pass();
        }
        // 5. The delivery mode chooses the class.
        return decideByDeliveryMode();
    }

    private InterruptDecision decideByDeliveryMode() {
        int mode = isIndexOnly() ? 0 : InterruptEntryDescriptor.deliveryMode(data);
        if (mode <= MODE_LOWEST_PRIORITY) {
            return decideByControl();
        }
        if (InterruptEntryDescriptor.isLogical(address)) {
            return InterruptDecision.ABORTED;
        }
        return switch (mode) {
            case MODE_SYSTEM_MANAGEMENT -> systemManagement();
            case MODE_NMI -> passIf(entry.passes(DeviceEntryDescriptor.NMI_PASS));
            case MODE_INIT -> passIf(entry.passes(DeviceEntryDescriptor.INIT_PASS));
            case MODE_EXTERNAL -> passIf(entry.passes(DeviceEntryDescriptor.EXTERNAL_PASS));
            default -> InterruptDecision.ABORTED;
        };
    }

    /** With 2048 entries for each function, a message with DM=1 uses the delivery mode's bits for its index (8.2). */
    private boolean isIndexOnly() {
        long control = registers.get(RegisterDescriptor.CONTROL);
        return ControlDescriptor.intRemapMode(control) == ControlDescriptor.INT_REMAP_MODE_2K
                && FeatureDescriptor.hasTwoThousandInterrupts(options.extendedFeatures2())
                && InterruptEntryDescriptor.isLogical(address);
    }

    /** An SMI that the filter refuses is reported with SmiFLogEn, as IO_PAGE_FAULT with PR=0 (MC-65). */
    private InterruptDecision systemManagement() {
        if (smiFilter.allows(requester)) {
            return passIf(rules.passesSystemManagement());
        }
        return smiFilter.reportsRefusals() ? fault(0, false) : InterruptDecision.ABORTED;
    }

    /** 6. IntCtl; an aborted request leaves no event, unless it came by the HyperTransport range (MC-17). */
    private InterruptDecision decideByControl() {
        return switch (entry.interruptControl()) {
            case DeviceEntryDescriptor.CONTROL_ABORT -> abortByControl();
            case DeviceEntryDescriptor.CONTROL_FORWARD -> forward();
            case DeviceEntryDescriptor.CONTROL_REMAP -> remapByTable();
            default -> rules.reportsFaults() ? illegalEntry(EventDescriptor.FLAG_RZ) : InterruptDecision.ABORTED;
        };
    }

    private InterruptDecision abortByControl() {
        if (rules.reportsFaults() && AddressClass.INTERRUPT.holds(address)) {
            events.invalidDeviceRequest(requester, 0, 0, InvalidRequest.INTERRUPT_WRITE.type(), address);
        }
        return InterruptDecision.ABORTED;
    }

    private InterruptDecision remapByTable() {
        int lengthCode = entry.interruptLengthCode();
        if (!rules.hasLength(lengthCode, DeviceEntryDescriptor.INTERRUPT_LENGTH_MOST)) {
            return illegalEntry(0);
        }
        // 7. The index must lie inside of the table.
        int index = data & InterruptEntryDescriptor.INDEX_MASK;
        if (!rules.hasIndex(index, lengthCode)) {
            return fault(0, false);
        }
        // 8. The table entry; one that cannot be read is reported like a page table entry (MC-25).
        MemoryStatus status = fetch(index);
        if (status == MemoryStatus.NOT_RECORDED) {
            return InterruptDecision.NOT_RECORDED;
        }
        if (status != MemoryStatus.OK) {
            if (rules.reportsFaults()) {
                events.pageTableError(requester, entry.domain(), EventDescriptor.FLAG_I, status, irteAddress);
            }
            return InterruptDecision.ABORTED;
        }
        return decideByEntry(index);
    }

    private InterruptDecision decideByEntry(int index) {
        boolean suppressed = (irteLow & InterruptEntryDescriptor.SUPPRESS_FAULTS) != 0;
        // 9. RemapEn=0.
        if ((irteLow & InterruptEntryDescriptor.REMAP_EN) == 0) {
            return fault(0, suppressed);
        }
        // 10. Guest mode.
        if ((irteLow & InterruptEntryDescriptor.GUEST_MODE) != 0) {
            return isGuestModeLegal() && !PostedEntryDescriptor.hasReservedBit(irteLow, irteHigh)
                    ? postToGuest(index)
                    : fault(EventDescriptor.FLAG_PR | EventDescriptor.FLAG_RZ, suppressed);
        }
        // 11. Reserved bits and types.
        boolean isShort = irteBytes == InterruptEntryDescriptor.SHORT_BYTES;
        long reserved = isShort
                ? irteLow & InterruptEntryDescriptor.RESERVED_SHORT
                : irteHigh & InterruptEntryDescriptor.RESERVED_HIGH;
        if (rules.checkedReservedBits(reserved) != 0
                || InterruptEntryDescriptor.type(irteLow) > InterruptEntryDescriptor.TYPE_MOST) {
            return fault(EventDescriptor.FLAG_PR | EventDescriptor.FLAG_RZ, suppressed);
        }
        // 12. Deliver.
        remember(index);
        if (isShort) {
            message.ofShort(irteLow);
        } else {
            message.ofLong(irteLow, irteHigh, hasWideDestination());
        }
        deliveredAddress = rules.address(message, address);
        deliveredData = rules.data(message, data);
        return InterruptDecision.REMAPPED;
    }

    /** A guest's page that cannot be used is reported like a page table entry (MC-75). */
    private InterruptDecision postToGuest(int index) {
        remember(index);
        MemoryStatus status = guestInterrupts.post(requester, irteLow, irteHigh);
        return switch (status) {
            case OK -> InterruptDecision.POSTED;
            case NOT_RECORDED -> InterruptDecision.NOT_RECORDED;
            case ABORT, POISON -> {
                long at = PostedEntryDescriptor.requestsAddress(irteHigh);
                events.pageTableError(requester, entry.domain(), EventDescriptor.FLAG_I, status, at);
                yield InterruptDecision.ABORTED;
            }
        };
    }

    /** GAMEn codes other than that of the virtual APIC count as off (MC-76). */
    private boolean isGuestModeLegal() {
        boolean isLong = irteBytes == InterruptEntryDescriptor.LONG_BYTES;
        long mode = registers.get(RegisterDescriptor.CONTROL) & ControlDescriptor.GAM_EN_MASK;
        return isLong && mode == ControlDescriptor.GAM_EN_VIRTUAL_APIC && rules.hasGuestMode();
    }

    private boolean hasWideDestination() {
        return rules.takesWideDestination(
                (options.extendedFeatures() & FeatureDescriptor.XT) != 0,
                registers.isSet(RegisterDescriptor.CONTROL, ControlDescriptor.XT_EN));
    }

    private boolean isCaching() {
        return !registers.isSet(RegisterDescriptor.CONTROL, ControlDescriptor.IRT_CACHE_DIS);
    }

    private void remember(int index) {
        if (isCaching()) {
            cache.insert(requester, index, irteAddress, irteLow, irteHigh);
        }
    }

    private MemoryStatus fetch(int index) {
        boolean isLong = registers.isSet(RegisterDescriptor.CONTROL, ControlDescriptor.GA_EN);
        int bytes = isLong ? InterruptEntryDescriptor.LONG_BYTES : InterruptEntryDescriptor.SHORT_BYTES;
        if (isCaching() && cache.find(requester, index)) {
            irteBytes = bytes;
            irteAddress = cache.address();
            irteLow = cache.low();
            irteHigh = cache.high();
            return (irteLow & InterruptEntryDescriptor.GUEST_MODE) != 0 ? refreshGuestFields() : MemoryStatus.OK;
        }
        irteAddress = entry.interruptRoot() + (long) index * bytes;
        MemoryStatus status = memory.load(irteAddress & -Long.BYTES, isLong ? 2 : 1);
        if (status != MemoryStatus.OK) {
            effects.memoryFailure(MemoryUse.INTERRUPT_TABLE, irteAddress, status);
            return status;
        }
        irteBytes = bytes;
        int shift = isLong ? 0 : (int) (irteAddress & 4) * 8;
        irteLow = isLong ? memory.word(0) : memory.word(0) >>> shift & 0xFFFF_FFFFL;
        irteHigh = isLong ? memory.word(1) : 0;
        return MemoryStatus.OK;
    }

    /** Destination, IsRun and GATag of a guest's entry are never served from the cache (reference 5.4). */
    private MemoryStatus refreshGuestFields() {
        MemoryStatus status = memory.load(irteAddress, 2);
        if (status != MemoryStatus.OK) {
            effects.memoryFailure(MemoryUse.INTERRUPT_TABLE, irteAddress, status);
            return status;
        }
        long low = PostedEntryDescriptor.FRESH_LOW;
        long high = PostedEntryDescriptor.FRESH_HIGH;
        irteLow = irteLow & ~low | memory.word(0) & low;
        irteHigh = irteHigh & ~high | memory.word(1) & high;
        return MemoryStatus.OK;
    }

    private InterruptDecision pass() {
        deliveredAddress = address;
        deliveredData = data;
        return InterruptDecision.PASSED;
    }

    private InterruptDecision passIf(boolean mayPass) {
        return mayPass ? pass() : InterruptDecision.ABORTED;
    }

    private InterruptDecision forward() {
        deliveredAddress = rules.forwardedAddress(address);
        deliveredData = rules.forwardedData(data);
        return InterruptDecision.PASSED;
    }

    private InterruptDecision illegalEntry(int flags) {
        events.illegalDeviceEntry(requester, 0, flags | EventDescriptor.FLAG_I, address);
        return InterruptDecision.ABORTED;
    }

    /** The one exit of refusals that are reported; IG and SupIOPF keep them out of the log. */
    private InterruptDecision fault(int flags, boolean suppressedByEntry) {
        if (rules.reportsFaults()) {
            boolean isEntryKnown = deviceTable.covers(requester);
            boolean suppressed = suppressedByEntry || isEntryKnown && entry.ignoresInterruptFaults();
            int domain = isEntryKnown ? entry.domain() : 0;
            events.pageFault(requester, domain, flags | EventDescriptor.FLAG_I, address, suppressed);
        }
        return InterruptDecision.ABORTED;
    }
}
