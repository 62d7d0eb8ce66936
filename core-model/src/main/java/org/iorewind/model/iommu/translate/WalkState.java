package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;

/** Input and output of a walk; reused for every request, so that walking allocates nothing. Not thread-safe. */
public final class WalkState {
    /** No walk of the specification is longer than six steps. */
    private static final int LONGEST_PATH = 6;

    private final MemoryPort memory;
    private final EffectSink effects;
    private final long features;
    private final long[] pathAddresses = new long[LONGEST_PATH];
    private final long[] pathEntries = new long[LONGEST_PATH];

    private DeviceEntry deviceEntry = new DeviceEntry();
    private long address;
    private AccessKind access = AccessKind.UNKNOWN;
    private int entryRights;
    private FaultCause cause = FaultCause.NOT_PRESENT;
    private MemoryStatus failure = MemoryStatus.OK;
    private long entryAddress;
    private long entry;
    private long result;
    private int pageShift;
    private int tableRights;
    private int rights;
    private int pathLength;

    /** Binds memory, sink and EFR. */
    public WalkState(MemoryPort memory, EffectSink effects, long features) {
        this.features = features;
        this.memory = memory;
        this.effects = effects;
    }

    /** Starts over with a request, which the rights of the device table entry limit. */
    public void begin(DeviceEntry requestersEntry, long requestAddress, AccessKind requestAccess) {
        begin(requestersEntry, requestAddress, requestAccess, requestersEntry.rights());
    }

    /** Starts over with an access that these rights limit, in place of those of the device table entry. */
    public void begin(DeviceEntry requestersEntry, long requestAddress, AccessKind requestAccess, int limit) {
        entryRights = limit;
        pathLength = 0;
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

    /** Rights above those of the tables. */
    public int entryRights() {
        return entryRights;
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
        if (pathLength < LONGEST_PATH) {
            pathAddresses[pathLength] = at;
            pathEntries[pathLength++] = entry;
        }
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

    /**
     * Ends the walk with a page like {@link #page}, after setting A in all entries read and, for a write, D in the last, as
     * far as HAD asks and EFR allows. A walk that faults sets none (MC-55); HADUpdate is not looked at (MC-56).
     */
    public HostWalk.Outcome pageUsed(long page, int shift, int cachedRights, int grantedRights) {
        int last = pathLength - 1;
        if (deviceEntry.updatesAccessed(features)) {
            for (int i = 0; i <= last; i++) {
                if (!mark(i, PageEntryDescriptor.ACCESSED)) {
                    return HostWalk.Outcome.MEMORY_FAILURE;
                }
            }
        }
        boolean tracksDirty = deviceEntry.updatesDirty(features);
        if (tracksDirty && access.isWrite() && !mark(last, PageEntryDescriptor.DIRTY)) {
            return HostWalk.Outcome.MEMORY_FAILURE;
        }
        boolean isDirty = tracksDirty && (pathEntries[last] & PageEntryDescriptor.DIRTY) != 0;
        return page(page, shift, cachedRights | (isDirty ? PageEntryDescriptor.CACHED_DIRTY : 0), grantedRights);
    }

    private boolean mark(int step, long bit) {
        long old = pathEntries[step];
        if ((old & bit) != 0) {
            return true;
        }
        entryAddress = pathAddresses[step];
        failure = memory.store(entryAddress, old | bit);
        if (failure != MemoryStatus.OK) {
            effects.memoryFailure(MemoryUse.PAGE_TABLE, entryAddress, failure);
            return false;
        }
        pathEntries[step] = old | bit;
        effects.tableEntryMarked(entryAddress, old, old | bit);
        return true;
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
