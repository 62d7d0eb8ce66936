package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.WalkCache;
import org.iorewind.model.iommu.cache.DirectoryCache;
import org.iorewind.model.iommu.cache.TableReads;
import org.iorewind.model.iommu.cache.WalkCaches;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.GuestEntryDescriptor;
import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.memory.MemoryPort;

/**
 * Input and output of a guest walk; reused for every request, so that walking allocates nothing. Its tables stand at guest
 * physical addresses, which {@link HostStage} translates. Not thread-safe.
 */
public final class GuestWalkState extends WalkRecord {
    private final HostStage hostStage;
    private final DirectoryCache directories;
    private final TableReads reads;
    private final MemoryRequest request;
    private final EntryPath path = new EntryPath();

    private boolean isRootGuestPhysical;
    private boolean hasNoExecute;
    private boolean updatesDirty;
    private int startLevel;
    private long startTable;
    private int startRights;
    private boolean isRootNew;
    private int guestShift;
    private boolean isHostFault;

    /** Binds memory, sink, the walk of the host stage, EFR and caches. */
    public GuestWalkState(
            MemoryPort memory,
            EffectSink effects,
            HostWalk hostWalk,
            MemoryRequest request,
            long features,
            WalkCaches caches) {
        super(memory, effects);
        this.hostStage = new HostStage(memory, effects, hostWalk, features, caches);
        this.directories = caches.guestDirectories();
        this.reads = caches.reads();
        this.request = request;
    }

    /**
     * Starts over with the request as it now is.
     *
     * @param requestersEntry device table entry of the requester
     * @param isRootGuest GCR3TRPMode: whether the GCR3 root is a guest physical address
     * @param knowsNoExecute NXSup
     * @param setsDirty whether D of guest entries is updated
     */
    public void begin(DeviceEntry requestersEntry, boolean isRootGuest, boolean knowsNoExecute, boolean setsDirty) {
        beginFor(requestersEntry);
        path.clear();
        isRootGuestPhysical = isRootGuest;
        hasNoExecute = knowsNoExecute;
        updatesDirty = setsDirty;
        guestShift = 0;
        isHostFault = false;
        isRootNew = false;
    }

    /** The request. */
    public MemoryRequest request() {
        return request;
    }

    /** Whether the GCR3 root is a guest physical address. */
    public boolean isRootGuestPhysical() {
        return isRootGuestPhysical;
    }

    /** Whether bit 63 of a v2 entry is NX, not reserved. */
    public boolean hasNoExecute() {
        return hasNoExecute;
    }

    /**
     * Looks for where the walk of the guest's page tables may begin: at the lowest cached directory of DomainID and PASID
     * below the levels of the device table entry (MC-123), else at the cached GCR3 result. False when the GCR3 tables must
     * be read.
     */
    public boolean start() {
        startRights = GuestEntryDescriptor.RIGHTS_ALL;
        if (!directories.isOn()) {
            return false;
        }
        int domain = deviceEntry().domain();
        int pasid = request.guestPasid();
        int levels = deviceEntry().guestLevels();
        int level = directories.find(domain, pasid, request.address(), levels - 1);
        if (level == 0 && !directories.findRoot(domain, pasid)) {
            effects().walkCacheMiss(WalkCache.GUEST_DIRECTORY, domain, request.address());
            return false;
        }
        startLevel = level == 0 ? levels : level;
        startTable = directories.table();
        startRights = directories.rights();
        int cachedAs = level == 0 ? DirectoryCache.GCR3_RESULT : level;
        effects().walkCacheHit(WalkCache.GUEST_DIRECTORY, cachedAs, domain, request.address());
        return true;
    }

    /** The GCR3 tables give the root of the guest's page tables. */
    public void rootFound(long root) {
        startLevel = deviceEntry().guestLevels();
        startTable = root;
        isRootNew = true;
    }

    /** Level of the table of guest pages to read first. */
    public int startLevel() {
        return startLevel;
    }

    /** Guest physical address of that table. */
    public long startTable() {
        return startTable;
    }

    /** What the entries above that table permit together. */
    public int startRights() {
        return startRights;
    }

    /** Reads an entry of a guest structure and tells the sink; false when that failed, and {@link #outcome} tells how. */
    public boolean fetch(GuestTable table, int level, long at, boolean isGuestPhysical) {
        long physical = at;
        if (isGuestPhysical) {
            if (!passed(hostStage.forTable(deviceEntry(), at, AccessKind.READ))) {
                return false;
            }
            physical = hostStage.physical();
        }
        reads.countGuest();
        if (!load(MemoryUse.GUEST_TABLE, physical)) {
            return false;
        }
        if (table == GuestTable.PAGE) {
            path.add(at, entry());
        }
        effects().guestWalkStep(table, level, physical, entry());
        return true;
    }

    /** Whether the host stage went well; if not, the walk ends as it did. */
    private boolean passed(HostWalk.Outcome hostOutcome) {
        switch (hostOutcome) {
            case PAGE -> {
                return true;
            }
            case FAULT -> {
                isHostFault = true;
                fault(hostStage.cause());
            }
            case MEMORY_FAILURE -> fail(hostStage.failure(), hostStage.failedAt());
        }
        return false;
    }

    /**
     * Ends the guest stage with a page that the guest's rights permit. What follows:
     *
     * <ol>
     *   <li>A in the page table entries read and, for a write, D in the last (MC-53). Each such access is a write in the
     *       host stage, which may refuse it (MC-127).
     *   <li>The host stage of the final address, with the request's own access.
     *   <li>The directories read go into the cache, the root too if it is new (MC-120).
     * </ol>
     *
     * @param guestPhysical the request's address in the page
     * @param shift log2 of the size of the guest's page
     * @param guestRights what the guest's tables permit
     */
    public HostWalk.Outcome page(long guestPhysical, int shift, int guestRights) {
        guestShift = shift;
        if (!marksPath() || !passed(hostStage.forPage(deviceEntry(), guestPhysical, request.access()))) {
            return outcome();
        }
        if (directories.isOn()) {
            rememberDirectories();
        }
        int sharedShift = Math.min(shift, hostStage.pageShift());
        int tableRights = guestRights & (hostStage.rights() | ~AccessKind.RIGHTS_ALL)
                | hostStage.rights() & PageEntryDescriptor.CACHED_BY_HOST;
        if ((path.entry(path.last()) & GuestEntryDescriptor.DIRTY) != 0) {
            tableRights |= GuestEntryDescriptor.CACHED_DIRTY;
        }
        return found(
                hostStage.physical() & -1L << sharedShift,
                sharedShift,
                tableRights,
                tableRights & (deviceEntry().rights() | ~AccessKind.RIGHTS_ALL));
    }

    private boolean marksPath() {
        int last = path.last();
        for (int step = 0; step <= last; step++) {
            boolean isDirtied = step == last && updatesDirty && request.access().isWrite();
            long bits = GuestEntryDescriptor.ACCESSED | (isDirtied ? GuestEntryDescriptor.DIRTY : 0);
            if (!mark(step, bits)) {
                return false;
            }
        }
        return true;
    }

    private boolean mark(int step, long bits) {
        long old = path.entry(step);
        if ((old & bits) == bits) {
            return true;
        }
        if (!passed(hostStage.forTable(deviceEntry(), path.address(step), AccessKind.WRITE))) {
            return false;
        }
        path.mark(step, bits);
        return mark(MemoryUse.GUEST_TABLE, hostStage.physical(), old, bits);
    }

    private void rememberDirectories() {
        int domain = deviceEntry().domain();
        int pasid = request.guestPasid();
        boolean isCombined = deviceEntry().mode() != 0;
        if (isRootNew) {
            directories.insertRoot(domain, pasid, startTable, GuestEntryDescriptor.RIGHTS_ALL, isCombined);
        }
        int rightsSoFar = startRights;
        for (int step = 0; step < path.last(); step++) {
            long directory = path.entry(step);
            rightsSoFar &= GuestEntryDescriptor.rights(directory);
            long table = directory & GuestEntryDescriptor.ADDRESS_MASK;
            int level = startLevel - step - 1;
            directories.insert(domain, pasid, request.address(), level, table, rightsSoFar, isCombined);
        }
    }

    /** Whether the walk faulted in the host's tables, not in the guest's. */
    public boolean isHostFault() {
        return isHostFault;
    }

    /** log2 of the size of the guest's page; the page of both stages may be smaller. */
    public int guestShift() {
        return guestShift;
    }
}
