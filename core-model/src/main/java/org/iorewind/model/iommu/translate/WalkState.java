package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.WalkCache;
import org.iorewind.model.iommu.cache.DirectoryCache;
import org.iorewind.model.iommu.cache.TableReads;
import org.iorewind.model.iommu.cache.WalkCaches;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.memory.MemoryPort;

/**
 * Input and output of a walk through host tables; reused for every request, so that walking allocates nothing. Not
 * thread-safe.
 */
public final class WalkState extends WalkRecord {
    private final long features;
    private final DirectoryCache directories;
    private final TableReads reads;
    private final boolean isNested;
    private final EntryPath path = new EntryPath();

    private long address;
    private AccessKind access = AccessKind.UNKNOWN;
    private int entryRights;
    private long startTable;
    private int startRights;

    /**
     * Binds memory, sink, EFR and caches.
     *
     * @param isNested whether the addresses are those of a guest walk
     */
    public WalkState(MemoryPort memory, EffectSink effects, long features, WalkCaches caches, boolean isNested) {
        super(memory, effects);
        this.features = features;
        this.directories = caches.hostDirectories();
        this.reads = caches.reads();
        this.isNested = isNested;
    }

    /** Starts over with a request, which the rights of the device table entry limit. */
    public void begin(DeviceEntry requestersEntry, long requestAddress, AccessKind requestAccess) {
        begin(requestersEntry, requestAddress, requestAccess, requestersEntry.rights());
    }

    /** Starts over with an access that these rights limit, in place of those of the device table entry. */
    public void begin(DeviceEntry requestersEntry, long requestAddress, AccessKind requestAccess, int limit) {
        beginFor(requestersEntry);
        path.clear();
        entryRights = limit;
        address = requestAddress;
        access = requestAccess;
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

    /**
     * Finds where the walk begins: at the lowest cached directory of the DomainID below Mode, whatever root it was found
     * from (MC-123), else at the root. {@link #startTable} and {@link #startRights} go with it.
     *
     * @return level of the table to read first
     */
    public int start() {
        int mode = deviceEntry().mode();
        startTable = deviceEntry().root();
        startRights = AccessKind.RIGHTS_ALL;
        if (!directories.isOn()) {
            return mode;
        }
        int domain = deviceEntry().domain();
        int level = directories.find(domain, EffectSink.NO_PASID, address, mode - 1);
        if (level == 0) {
            effects().walkCacheMiss(WalkCache.HOST_DIRECTORY, domain, address);
            return mode;
        }
        startTable = directories.table();
        startRights = directories.rights();
        effects().walkCacheHit(WalkCache.HOST_DIRECTORY, level, domain, address);
        return level;
    }

    /** Address of the table to read first. */
    public long startTable() {
        return startTable;
    }

    /** What the entries above that table permit together. */
    public int startRights() {
        return startRights;
    }

    /** Reads a table entry and tells the sink; false when memory failed. */
    public boolean fetch(int level, long at) {
        if (isNested) {
            reads.countNested();
        } else {
            reads.countHost();
        }
        if (!load(MemoryUse.PAGE_TABLE, at)) {
            return false;
        }
        path.add(at, entry());
        effects().walkStep(level, at, entry());
        return true;
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
        return found(page, shift, cachedRights, grantedRights);
    }

    /**
     * Ends the walk with a page like {@link #page}, after the end that the specification gives to it:
     *
     * <ol>
     *   <li>A in all entries read and, for a write, D in the last, as far as HAD asks and EFR allows. A walk that faults
     *       sets none (MC-55); HADUpdate is not looked at (MC-56). A of cached directories was set when they were read
     *       (MC-122); of replicated entries the one that was read is marked (MC-128).
     *   <li>The directories read go into the cache (MC-120).
     * </ol>
     */
    public HostWalk.Outcome pageUsed(long page, int shift, int cachedRights, int grantedRights) {
        int last = path.last();
        if (deviceEntry().updatesAccessed(features)) {
            for (int step = 0; step <= last; step++) {
                if (!mark(step, PageEntryDescriptor.ACCESSED)) {
                    return outcome();
                }
            }
        }
        boolean tracksDirty = deviceEntry().updatesDirty(features);
        if (tracksDirty && access.isWrite() && !mark(last, PageEntryDescriptor.DIRTY)) {
            return outcome();
        }
        boolean isDirty = tracksDirty && (path.entry(last) & PageEntryDescriptor.DIRTY) != 0;
        if (last > 0 && directories.isOn()) {
            rememberDirectories();
        }
        int attributes = PageEntryDescriptor.cachedAttributes(path.entry(last))
                | (isDirty ? PageEntryDescriptor.CACHED_DIRTY : 0);
        return found(page, shift, cachedRights | attributes, grantedRights);
    }

    private boolean mark(int step, long bit) {
        long old = path.entry(step);
        if ((old & bit) != 0) {
            return true;
        }
        path.mark(step, bit);
        return mark(MemoryUse.PAGE_TABLE, path.address(step), old, bit);
    }

    private void rememberDirectories() {
        int domain = deviceEntry().domain();
        int rightsSoFar = startRights;
        for (int step = 0; step < path.last(); step++) {
            long directory = path.entry(step);
            rightsSoFar &= PageEntryDescriptor.rights(directory);
            int level = PageEntryDescriptor.nextLevel(directory);
            long table = directory & PageEntryDescriptor.ADDRESS_MASK;
            directories.insert(domain, EffectSink.NO_PASID, address, level, table, rightsSoFar, false);
        }
    }
}
