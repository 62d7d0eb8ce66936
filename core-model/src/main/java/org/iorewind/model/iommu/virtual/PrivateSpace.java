package org.iorewind.model.iommu.virtual;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.IommuOptions;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.cache.DeviceEntryCache;
import org.iorewind.model.iommu.cache.PrivateCache;
import org.iorewind.model.iommu.cache.WalkCacheGeometry;
import org.iorewind.model.iommu.cache.WalkCaches;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.quirk.DeviceEntryRules;
import org.iorewind.model.iommu.register.ControlDescriptor;
import org.iorewind.model.iommu.register.FeatureDescriptor;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.register.RegisterFile;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.DeviceTable;
import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.iommu.translate.HostWalk;
import org.iorewind.model.iommu.translate.WalkState;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;

/**
 * Finds memory for hardware vIOMMU itself, by the host's tables of a device table entry (amd-viommu reference 2): that of the
 * IOMMU's own DeviceID for private addresses, that of a translate DeviceID for guest physical ones.
 *
 * <pre>
 *   DeviceID, address ─▶ cache ─▶ device table entry ─▶ walk ─▶ system physical
 *                                  │ unreadable, illegal  │ unreadable
 *                                  └──▶ events 3 and 1    └──▶ event 4
 * </pre>
 *
 * <p>What is not mapped is the caller's to report. INVALIDATE_IOMMU_PAGES for the domain and
 * INVALIDATE_DEVTAB_ENTRY drop what is cached. Not
 * thread-safe; allocates nothing after construction.
 */
final class PrivateSpace {
    /** What became of a translation. */
    enum Outcome {
        /** There is memory, at {@link #physical}. */
        FOUND,
        /** The tables do not map it, or forbid the access: {@link #faultFlags} tell which. */
        FAULT,
        /** The tables could not be used, which was reported. */
        REPORTED,
        /** The recording does not hold what the tables say. */
        NOT_RECORDED
    }

    private final RegisterFile registers;
    private final IommuOptions options;
    private final MemoryPort memory;
    private final EffectSink effects;
    private final DeviceTable deviceTable;
    private final PrivateCache cache;
    private final EventReports events;
    private final DeviceEntryRules rules;
    private final HostWalk hostWalk;
    private final WalkState walk;
    private final DeviceEntry entry = new DeviceEntry();
    private int guest;
    private long physical;
    private int domain;
    private int faultFlags;

    PrivateSpace(
            RegisterFile registers,
            IommuOptions options,
            MemoryPort memory,
            EffectSink effects,
            DeviceEntryCache deviceEntries,
            PrivateCache cache,
            EventReports events) {
        this.registers = registers;
        this.options = options;
        this.memory = memory;
        this.effects = effects;
        EffectSink steps = new Steps();
        this.deviceTable = new DeviceTable(registers, options, memory, steps, deviceEntries);
        this.cache = cache;
        this.events = events;
        this.rules = options.quirks().deviceEntries();
        this.hostWalk = options.quirks().hostWalk();
        WalkCaches none = new WalkCaches(WalkCacheGeometry.OFF);
        this.walk = new WalkState(memory, steps, options.extendedFeatures(), none, false);
    }

    /** Whether vIommuEn is set. */
    boolean isOn() {
        return registers.isSet(RegisterDescriptor.CONTROL, ControlDescriptor.VIOMMU_EN);
    }

    /** Whether guests' commands are processed; IommuEn is needed too. */
    boolean takesCommands() {
        return registers.isSet(
                RegisterDescriptor.CONTROL,
                ControlDescriptor.IOMMU_EN | ControlDescriptor.VIOMMU_EN | ControlDescriptor.V_CMD_EN);
    }

    /** Translates a private address. */
    Outcome translate(int forGuest, long address, AccessKind access, int virtualFlags) {
        return translate(forGuest, options.virtual().device(), address, access, virtualFlags);
    }

    /**
     * Translates an address of a guest's buffer: base and offset by the translate DeviceID under GstBufferTRPMode, else the
     * offset in the guest's private slot.
     */
    Outcome translateBuffer(GuestImage image, long base, long region, int offset, AccessKind access, int flags) {
        return isGuestPhysical()
                ? translate(image.guest(), translateDevice(image), base + offset, access, flags)
                : translate(image.guest(), PrivateSpaceDescriptor.slot(region, image.guest()) + offset, access, flags);
    }

    /** The address that {@link #translateBuffer} translates: guest physical or private. */
    long bufferAddress(GuestImage image, long base, long region, int offset) {
        return (isGuestPhysical() ? base : PrivateSpaceDescriptor.slot(region, image.guest())) + offset;
    }

    private boolean isGuestPhysical() {
        return registers.isSet(RegisterDescriptor.CONTROL, ControlDescriptor.GUEST_BUFFER_TRP_MODE);
    }

    /** The DeviceID whose tables translate a guest's physical addresses. */
    static int translateDevice(GuestImage image) {
        return GuestControlDescriptor.translateDevice(image.control(GuestControlDescriptor.MISCELLANEOUS));
    }

    /**
     * Translates an address by the tables of a DeviceID.
     *
     * @param forGuest GuestID, for the sink
     * @param requester DeviceID
     * @param address to translate
     * @param access what is to be done there
     * @param virtualFlags of {@link EventDescriptor}: what it is for
     */
    Outcome translate(int forGuest, int requester, long address, AccessKind access, int virtualFlags) {
        if (cache.find(requester, address, access)) {
            physical = cache.physical(address);
            domain = cache.domain();
            return Outcome.FOUND;
        }
        guest = forGuest;
        faultFlags = 0;
        domain = 0;
        int flags = virtualFlags | (access.isWrite() ? EventDescriptor.FLAG_RW : 0);
        // 1. The device table entry.
        if (!deviceTable.covers(requester)) {
            return Outcome.FAULT;
        }
        MemoryStatus status = deviceTable.fetch(requester, entry);
        domain = entry.domain();
        if (status == MemoryStatus.NOT_RECORDED) {
            return Outcome.NOT_RECORDED;
        }
        if (status != MemoryStatus.OK) {
            events.deviceTableError(requester, flags, status, entry.address());
            return Outcome.REPORTED;
        }
        // 2. Reserved bits and encodings.
        boolean hasReservedBit = rules.reservedBitsForMemory(entry, options);
        if (hasReservedBit || isIllegal()) {
            int reserved = hasReservedBit ? EventDescriptor.FLAG_RZ : 0;
            events.illegalDeviceEntry(requester, 0, flags | reserved, address);
            return Outcome.REPORTED;
        }
        // 3. V, TV, IR and IW.
        if (!entry.isValid() || !entry.isTranslationValid()) {
            return Outcome.FAULT;
        }
        if (!access.isAllowedBy(entry.rights())) {
            faultFlags = EventDescriptor.FLAG_PR | EventDescriptor.FLAG_PE;
            return Outcome.FAULT;
        }
        // 4. The host's tables.
        if (entry.mode() == 0) {
            physical = address;
            cache.insert(requester, domain, address, address, entry.rights());
            return Outcome.FOUND;
        }
        return walk(requester, address, access, flags);
    }

    private boolean isIllegal() {
        return entry.isValid()
                && (entry.mode() > FeatureDescriptor.hostLevels(options.extendedFeatures())
                        || rules.reservedHostEncoding(entry, options));
    }

    /** Without the right to write while D must still be set, so that a write walks again. */
    private int cachedRights() {
        boolean mustSetDirty = (walk.tableRights() & PageEntryDescriptor.CACHED_DIRTY) == 0
                && entry.updatesDirty(options.extendedFeatures());
        int granted = walk.tableRights() & entry.rights();
        return mustSetDirty ? granted & AccessKind.RIGHT_READ : granted;
    }

    private Outcome walk(int requester, long address, AccessKind access, int flags) {
        walk.begin(entry, address, access, AccessKind.RIGHTS_ALL);
        return switch (hostWalk.walk(walk)) {
            case PAGE -> {
                physical = inPage(walk.result(), walk.pageShift(), address);
                cache.insert(requester, domain, address, physical, cachedRights());
                yield Outcome.FOUND;
            }
            case FAULT -> {
                faultFlags = walk.cause().flags();
                yield Outcome.FAULT;
            }
            case MEMORY_FAILURE -> tableFailure(requester, flags);
        };
    }

    private Outcome tableFailure(int requester, int flags) {
        if (walk.failure() == MemoryStatus.NOT_RECORDED) {
            return Outcome.NOT_RECORDED;
        }
        events.pageTableError(requester, domain, flags, walk.failure(), walk.entryAddress());
        return Outcome.REPORTED;
    }

    private static long inPage(long page, int shift, long address) {
        return page | address & (1L << shift) - 1;
    }

    /** System physical address of what was found. */
    long physical() {
        return physical;
    }

    /** PR, PE and RZ of the fault. */
    int faultFlags() {
        return faultFlags;
    }

    /** DomainID of the device table entry. */
    int domain() {
        return domain;
    }

    /** The entry of the IOMMU's own DeviceID, zeros when it cannot be had; nothing is reported. */
    DeviceEntry ownEntry() {
        int own = options.virtual().device();
        if (!deviceTable.covers(own) || deviceTable.fetch(own, entry) != MemoryStatus.OK) {
            entry.set(0, 0, 0, 0, 0);
        }
        return entry;
    }

    /** Memory, for what was found. */
    MemoryPort memory() {
        return memory;
    }

    /** Tells the walk's steps as those of hardware vIOMMU, and of device table entries only those read from memory. */
    private final class Steps implements EffectSink {
        @Override
        public void deviceTableEntry(
                int requester, long entryAddress, long q0, long q1, long q2, long q3, boolean fromCache) {
            if (!fromCache) {
                effects.deviceTableEntry(requester, entryAddress, q0, q1, q2, q3, false);
            }
        }

        @Override
        public void walkStep(int level, long entryAddress, long tableEntry) {
            effects.privateWalkStep(guest, level, entryAddress, tableEntry);
        }

        @Override
        public void tableEntryMarked(long entryAddress, long oldEntry, long newEntry) {
            effects.tableEntryMarked(entryAddress, oldEntry, newEntry);
        }

        @Override
        public void memoryFailure(MemoryUse use, long address, MemoryStatus status) {
            effects.memoryFailure(use, address, status);
        }
    }
}
