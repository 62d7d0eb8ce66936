package org.iorewind.model.iommu.translate;

import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.GuestTable;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.GuestEntryDescriptor;
import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.memory.MemoryPort;
import org.iorewind.model.memory.MemoryStatus;

/**
 * Input and output of a guest walk; reused for every request, so that walking allocates nothing. Guest physical addresses
 * go through the host tables here, each time anew: only the outcome of the whole walk is ever cached (MC-47). Not
 * thread-safe.
 */
public final class GuestWalkState {
    private final MemoryPort memory;
    private final EffectSink effects;
    private final HostWalk hostWalk;
    private final WalkState host;

    private DeviceEntry deviceEntry = new DeviceEntry();
    private MemoryRequest request;
    private boolean isRootGuestPhysical;
    private boolean hasNoExecute;
    private HostWalk.Outcome outcome = HostWalk.Outcome.FAULT;
    private FaultCause cause = FaultCause.NOT_PRESENT;
    private MemoryStatus failure = MemoryStatus.OK;
    private long entryAddress;
    private long entry;
    private long result;
    private int pageShift;
    private int guestShift;
    private int tableRights;
    private int rights;

    /** Binds memory, sink, the walk of the host stage, and EFR. */
    public GuestWalkState(
            MemoryPort memory, EffectSink effects, HostWalk hostWalk, MemoryRequest request, long features) {
        this.memory = memory;
        this.effects = effects;
        this.hostWalk = hostWalk;
        this.host = new WalkState(memory, effects, features);
        this.request = request;
    }

    /**
     * Starts over with the request as it now is.
     *
     * @param requestersEntry device table entry of the requester
     * @param isRootGuest GCR3TRPMode: whether the GCR3 root is a guest physical address
     * @param knowsNoExecute NXSup
     */
    public void begin(DeviceEntry requestersEntry, boolean isRootGuest, boolean knowsNoExecute) {
        deviceEntry = requestersEntry;
        isRootGuestPhysical = isRootGuest;
        hasNoExecute = knowsNoExecute;
        failure = MemoryStatus.OK;
        entryAddress = 0;
        entry = 0;
        result = 0;
        pageShift = 0;
        guestShift = 0;
        tableRights = 0;
        rights = 0;
    }

    /** Device table entry of the requester. */
    public DeviceEntry deviceEntry() {
        return deviceEntry;
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
     * Reads an entry of a guest structure and tells the sink; false when that failed, and {@link #outcome} tells how. The
     * host stage of the read needs the right to read in the host's tables alone: IR of the device table entry speaks of the
     * device's own requests (MC-48).
     */
    public boolean fetch(GuestTable table, int level, long at, boolean isGuestPhysical) {
        long physical = at;
        if (isGuestPhysical && deviceEntry.mode() != 0) {
            if (!translateByHost(at, AccessKind.READ, AccessKind.RIGHTS_ALL)) {
                return false;
            }
            physical = hostAddress(at);
        }
        entryAddress = physical;
        failure = memory.load(physical, 1);
        if (failure != MemoryStatus.OK) {
            effects.memoryFailure(MemoryUse.GUEST_TABLE, physical, failure);
            outcome = HostWalk.Outcome.MEMORY_FAILURE;
            return false;
        }
        entry = memory.word(0);
        effects.guestWalkStep(table, level, physical, entry);
        return true;
    }

    private boolean translateByHost(long guestPhysical, AccessKind access, int entryRights) {
        host.begin(deviceEntry, guestPhysical, access, entryRights);
        outcome = hostWalk.walk(host);
        switch (outcome) {
            case PAGE -> {
                return true;
            }
            case FAULT -> cause = host.cause();
            case MEMORY_FAILURE -> {
                failure = host.failure();
                entryAddress = host.entryAddress();
            }
        }
        return false;
    }

    private long hostAddress(long guestPhysical) {
        return host.result() | guestPhysical & (1L << host.pageShift()) - 1;
    }

    /** The entry read last. */
    public long entry() {
        return entry;
    }

    /** System physical address of the entry read last, or of the one, guest's or host's, that could not be read. */
    public long entryAddress() {
        return entryAddress;
    }

    /** Ends the walk with a fault. */
    public HostWalk.Outcome fault(FaultCause why) {
        cause = why;
        outcome = HostWalk.Outcome.FAULT;
        return outcome;
    }

    /**
     * Ends the guest stage with a page; the host stage of the final address follows.
     *
     * @param guestPhysical the request's address in the page
     * @param shift log2 of the size of the guest's page
     * @param guestRights what the guest's tables permit
     */
    public HostWalk.Outcome page(long guestPhysical, int shift, int guestRights) {
        guestShift = shift;
        tableRights = guestRights;
        long physical = guestPhysical;
        pageShift = shift;
        if (deviceEntry.mode() != 0) {
            if (!translateByHost(guestPhysical, request.access(), deviceEntry.rights())) {
                return outcome;
            }
            physical = hostAddress(guestPhysical);
            pageShift = Math.min(shift, host.pageShift());
            tableRights &= host.tableRights() | ~AccessKind.RIGHTS_ALL;
            tableRights |= host.tableRights() & PageEntryDescriptor.CACHED_DIRTY;
        }
        result = physical & -1L << pageShift;
        rights = tableRights & (deviceEntry.rights() | ~AccessKind.RIGHTS_ALL);
        outcome = HostWalk.Outcome.PAGE;
        return outcome;
    }

    /** How the walk ended. */
    public HostWalk.Outcome outcome() {
        return outcome;
    }

    /** Why the walk faulted, in the guest's tables or the host's. */
    public FaultCause cause() {
        return cause;
    }

    /** Why memory failed. */
    public MemoryStatus failure() {
        return failure;
    }

    /** Start of the page that both stages agree on. */
    public long result() {
        return result;
    }

    /** log2 of the size of that page: of the smaller of the guest's page and the host's. */
    public int pageShift() {
        return pageShift;
    }

    /** log2 of the size of the guest's page. */
    public int guestShift() {
        return guestShift;
    }

    /** Rights that a cache may remember, those of {@link GuestEntryDescriptor} and {@link PageEntryDescriptor#CACHED_DIRTY}. */
    public int tableRights() {
        return tableRights;
    }

    /** Rights of this request, those of {@link GuestEntryDescriptor}. */
    public int rights() {
        return rights;
    }
}
