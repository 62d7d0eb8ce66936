package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;

/** Input and output of a walk; reused for every request, so that walking allocates nothing. Not thread-safe. */
public final class WalkState {
    private final MemoryPort memory;
    private final EffectSink effects;

    private DeviceEntry deviceEntry = new DeviceEntry();
    private long address;
    private AccessKind access = AccessKind.UNKNOWN;
    private FaultCause cause = FaultCause.NOT_PRESENT;
    private MemoryStatus failure = MemoryStatus.OK;
    private long entryAddress;
    private long entry;
    private long result;
    private int pageShift;
    private int tableRights;
    private int rights;

    /** Binds memory and sink. */
    public WalkState(MemoryPort memory, EffectSink effects) {
        this.memory = memory;
        this.effects = effects;
    }

    /** Starts over with a request. */
    public void begin(DeviceEntry requestersEntry, long requestAddress, AccessKind requestAccess) {
        deviceEntry = requestersEntry;
        address = requestAddress;
        access = requestAccess;
        failure = MemoryStatus.OK;
        entryAddress = 0;
        entry = 0;
        result = 0;
        pageShift = 0;
        tableRights = AccessKind.RIGHTS_ALL;
        rights = 0;
    }

    /** Device table entry of the requester. */
    public DeviceEntry deviceEntry() {
        return deviceEntry;
    }

    /** The IOVA. */
    public long address() {
        return address;
    }

    /** What the request wants. */
    public AccessKind access() {
        return access;
    }

    /** Reads a table entry and tells the sink; false when memory failed. */
    public boolean fetch(int level, long at) {
        entryAddress = at;
        failure = memory.load(at, 1);
        if (failure != MemoryStatus.OK) {
            effects.memoryFailure(MemoryUse.PAGE_TABLE, at, failure);
            return false;
        }
        entry = memory.word(0);
        effects.walkStep(level, at, entry);
        return true;
    }

    /** The entry read last. */
    public long entry() {
        return entry;
    }

    /** Where the entry read last, or the one that could not be read, stands. */
    public long entryAddress() {
        return entryAddress;
    }

    /** Ends the walk with a fault. */
    public HostWalk.Outcome fault(FaultCause why) {
        cause = why;
        return HostWalk.Outcome.FAULT;
    }

    /**
     * Ends the walk with a page.
     *
     * @param page start of the page
     * @param shift log2 of its size
     * @param cachedRights what a cache may remember
     * @param grantedRights what this request has
     */
    public HostWalk.Outcome page(long page, int shift, int cachedRights, int grantedRights) {
        result = page;
        pageShift = shift;
        tableRights = cachedRights;
        rights = grantedRights;
        return HostWalk.Outcome.PAGE;
    }

    /** Why the walk faulted. */
    public FaultCause cause() {
        return cause;
    }

    /** Why memory failed. */
    public MemoryStatus failure() {
        return failure;
    }

    /** Start of the page. */
    public long result() {
        return result;
    }

    /** log2 of the page size. */
    public int pageShift() {
        return pageShift;
    }

    /** Rights that a cache may remember. */
    public int tableRights() {
        return tableRights;
    }

    /** Rights of this request. */
    public int rights() {
        return rights;
    }
}
