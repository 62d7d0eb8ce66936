package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;

/** What every walk keeps: whose it is, the entry it read last, and how it ended. Not thread-safe; allocates nothing. */
public abstract sealed class WalkRecord permits WalkState, GuestWalkState {
    private final MemoryPort memory;
    private final EffectSink effects;

    private DeviceEntry deviceEntry = new DeviceEntry();
    private HostWalk.Outcome outcome = HostWalk.Outcome.FAULT;
    private FaultCause cause = FaultCause.NOT_PRESENT;
    private MemoryStatus failure = MemoryStatus.OK;
    private long entryAddress;
    private long entry;
    private long result;
    private int pageShift;
    private int tableRights;
    private int rights;

    /** Binds memory and sink. */
    WalkRecord(MemoryPort memory, EffectSink effects) {
        this.memory = memory;
        this.effects = effects;
    }

    /** Starts over. */
    final void beginFor(DeviceEntry requestersEntry) {
        deviceEntry = requestersEntry;
        failure = MemoryStatus.OK;
        entryAddress = 0;
        entry = 0;
        result = 0;
        pageShift = 0;
        tableRights = AccessKind.RIGHTS_ALL;
        rights = 0;
    }

    /** Reads an entry; false when memory failed, which the sink is told. */
    final boolean load(MemoryUse use, long at) {
        entryAddress = at;
        failure = memory.load(at, 1);
        if (failure != MemoryStatus.OK) {
            return failed(use);
        }
        entry = memory.word(0);
        return true;
    }

    /** Sets bits in an entry that was read and tells the sink; false when memory failed. */
    final boolean mark(MemoryUse use, long at, long old, long bits) {
        entryAddress = at;
        failure = memory.store(at, old | bits);
        if (failure != MemoryStatus.OK) {
            return failed(use);
        }
        effects.tableEntryMarked(at, old, old | bits);
        return true;
    }

    private boolean failed(MemoryUse use) {
        effects.memoryFailure(use, entryAddress, failure);
        outcome = HostWalk.Outcome.MEMORY_FAILURE;
        return false;
    }

    /** Ends the walk with a fault. */
    public final HostWalk.Outcome fault(FaultCause why) {
        cause = why;
        outcome = HostWalk.Outcome.FAULT;
        return outcome;
    }

    /** Ends the walk because memory failed elsewhere. */
    final HostWalk.Outcome fail(MemoryStatus why, long at) {
        failure = why;
        entryAddress = at;
        outcome = HostWalk.Outcome.MEMORY_FAILURE;
        return outcome;
    }

    /** Ends the walk with a page. */
    final HostWalk.Outcome found(long page, int shift, int cachedRights, int grantedRights) {
        result = page;
        pageShift = shift;
        tableRights = cachedRights;
        rights = grantedRights;
        outcome = HostWalk.Outcome.PAGE;
        return outcome;
    }

    /** Hears of the walk. */
    final EffectSink effects() {
        return effects;
    }

    /** Device table entry of the requester. */
    public final DeviceEntry deviceEntry() {
        return deviceEntry;
    }

    /** The entry read last. */
    public final long entry() {
        return entry;
    }

    /** System physical address of the entry read last, or of the one that could not be read or marked. */
    public final long entryAddress() {
        return entryAddress;
    }

    /** How the walk ended. */
    public final HostWalk.Outcome outcome() {
        return outcome;
    }

    /** Why the walk faulted. */
    public final FaultCause cause() {
        return cause;
    }

    /** Why memory failed. */
    public final MemoryStatus failure() {
        return failure;
    }

    /** Start of the page. */
    public final long result() {
        return result;
    }

    /** log2 of the page size. */
    public final int pageShift() {
        return pageShift;
    }

    /** Rights that a cache may remember, with what else it is to know of the page. */
    public final int tableRights() {
        return tableRights;
    }

    /** Rights of this request. */
    public final int rights() {
        return rights;
    }
}
