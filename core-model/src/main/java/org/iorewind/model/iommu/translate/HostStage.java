package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.WalkCache;
import org.iorewind.model.iommu.cache.GuestPhysicalCache;
import org.iorewind.model.iommu.cache.WalkCaches;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;

/**
 * The host stage of a guest walk (reference 6.3): guest physical addresses become system physical ones, by way of the host's
 * tables, or as they are when Mode is 0. Not thread-safe; allocates nothing after construction.
 */
final class HostStage {
    /** log2 of more than any page: without host tables the guest's page alone decides. */
    private static final int NO_PAGE_SHIFT = 63;

    private final EffectSink effects;
    private final HostWalk hostWalk;
    private final WalkState walk;
    private final GuestPhysicalCache cache;
    private final long features;

    private FaultCause cause = FaultCause.NOT_PRESENT;
    private long physical;
    private int pageShift;
    private int rights;

    HostStage(MemoryPort memory, EffectSink effects, HostWalk hostWalk, long features, WalkCaches caches) {
        this.effects = effects;
        this.hostWalk = hostWalk;
        this.features = features;
        this.walk = new WalkState(memory, effects, features, caches, true);
        this.cache = caches.guestPhysical();
    }

    /**
     * Translates the address of a guest structure. Only the host's tables limit the access: IR and IW of the device table
     * entry speak of the device's own requests (MC-48). The answer may come from the cache, whose rights count as they are
     * (MC-9).
     */
    HostWalk.Outcome forTable(DeviceEntry entry, long address, AccessKind access) {
        if (entry.mode() == 0) {
            return identity(address);
        }
        if (cache.isOn()) {
            int domain = entry.domain();
            if (!cache.find(domain, address)) {
                effects.walkCacheMiss(WalkCache.GUEST_PHYSICAL, domain, address);
            } else if (!mustSetDirty(entry, access)) {
                effects.walkCacheHit(WalkCache.GUEST_PHYSICAL, 0, domain, address);
                return cached(address, access);
            }
        }
        HostWalk.Outcome outcome = walk(entry, address, access, AccessKind.RIGHTS_ALL);
        if (outcome == HostWalk.Outcome.PAGE) {
            cache.insert(entry.domain(), address, walk.result(), walk.pageShift(), walk.tableRights());
        }
        return outcome;
    }

    /** Translates the final address with the request's own access and the rights of its device table entry. */
    HostWalk.Outcome forPage(DeviceEntry entry, long address, AccessKind access) {
        return entry.mode() == 0 ? identity(address) : walk(entry, address, access, entry.rights());
    }

    private HostWalk.Outcome identity(long address) {
        return found(address, NO_PAGE_SHIFT, AccessKind.RIGHTS_ALL);
    }

    private HostWalk.Outcome cached(long address, AccessKind access) {
        if (!access.isAllowedBy(cache.rights())) {
            cause = FaultCause.NO_RIGHT_IN_CACHE;
            return HostWalk.Outcome.FAULT;
        }
        return found(inPage(cache.page(), cache.pageShift(), address), cache.pageShift(), cache.rights());
    }

    private HostWalk.Outcome walk(DeviceEntry entry, long address, AccessKind access, int limit) {
        walk.begin(entry, address, access, limit);
        HostWalk.Outcome outcome = hostWalk.walk(walk);
        if (outcome == HostWalk.Outcome.PAGE) {
            return found(inPage(walk.result(), walk.pageShift(), address), walk.pageShift(), walk.tableRights());
        }
        cause = walk.cause();
        return outcome;
    }

    private HostWalk.Outcome found(long systemAddress, int shift, int tableRights) {
        physical = systemAddress;
        pageShift = shift;
        rights = tableRights;
        return HostWalk.Outcome.PAGE;
    }

    /** Whether a write that the cached rights permit must still go through the tables, to set D there. */
    private boolean mustSetDirty(DeviceEntry entry, AccessKind access) {
        return access.isWrite()
                && access.isAllowedBy(cache.rights())
                && (cache.rights() & PageEntryDescriptor.CACHED_DIRTY) == 0
                && entry.updatesDirty(features);
    }

    private static long inPage(long page, int shift, long address) {
        return page | address & (1L << shift) - 1;
    }

    /** The system physical address. */
    long physical() {
        return physical;
    }

    /** log2 of the size of the host's page. */
    int pageShift() {
        return pageShift;
    }

    /** Rights of the host's tables, and {@link PageEntryDescriptor#CACHED_DIRTY}. */
    int rights() {
        return rights;
    }

    /** Why the host's tables refuse. */
    FaultCause cause() {
        return cause;
    }

    /** Why memory failed. */
    MemoryStatus failure() {
        return walk.failure();
    }

    /** Address of the entry of a host table that could not be read or marked. */
    long failedAt() {
        return walk.entryAddress();
    }
}
