package org.iorewind.model.iommu.virtual;

import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.MemoryUse;
import org.iorewind.model.iommu.cache.IdMapCache;
import org.iorewind.model.iommu.cache.IdSet;
import org.iorewind.model.iommu.log.EventDescriptor;
import org.iorewind.model.iommu.log.EventReports;
import org.iorewind.model.iommu.log.GuestEventDescriptor;
import org.iorewind.model.iommu.virtual.PrivateSpace.Outcome;
import org.iorewind.model.memory.MemoryStatus;

/**
 * DeviceID and DomainID maps of guests, in memory of the private address space (amd-viommu reference 4). Hardware stores the
 * entries, within the map-control write (MC-V3), and reads them for guests' commands, by way of a cache. Not thread-safe;
 * look-ups allocate nothing.
 */
final class IdMaps implements Stateful {
    /** In place of the host's ID: the map has no valid entry. */
    static final int UNMAPPED = -1;
    /** In place of the host's ID: the map could not be read, which was reported. */
    static final int UNREADABLE = -2;
    /** In place of the host's ID: the recording does not hold the map. */
    static final int NOT_RECORDED = -3;

    private final PrivateSpace space;
    private final EffectSink effects;
    private final EventReports events;
    private final IdMapCache cache;
    private final IdOwners devices = new IdOwners();
    private final IdOwners domains = new IdOwners();

    IdMaps(PrivateSpace space, EffectSink effects, EventReports events, IdMapCache cache) {
        this.space = space;
        this.effects = effects;
        this.events = events;
        this.cache = cache;
    }

    /** Devices of a guest. */
    IdSet devicesOf(int guest) {
        return devices.of(guest);
    }

    /** Domains of a guest. */
    IdSet domainsOf(int guest) {
        return domains.of(guest);
    }

    /**
     * The host's ID for one of a guest's.
     *
     * @param isDevice whether it is a DeviceID, not a DomainID
     * @return the ID, or one of the negative codes of this class
     */
    int find(int guest, boolean isDevice, int id) {
        if (cache.find(guest, isDevice, id)) {
            return cache.hostId();
        }
        int flags = EventDescriptor.FLAG_V_CMD | EventDescriptor.FLAG_VNR;
        MemoryStatus status = load(guest, addressOf(guest, isDevice, id), AccessKind.READ, flags);
        if (status != MemoryStatus.OK) {
            return status == MemoryStatus.NOT_RECORDED ? NOT_RECORDED : UNREADABLE;
        }
        long entry = space.memory().word(0);
        if (!MapDescriptor.isValid(entry)) {
            return UNMAPPED;
        }
        int host = MapDescriptor.hostId(entry);
        cache.insert(guest, isDevice, id, host, space.domain());
        return host;
    }

    /** A map-control register was written with commit: stores the entry that it describes. */
    void commit(int guest, boolean isDevice, long control) {
        int id = MapDescriptor.guestId(control);
        long address = addressOf(guest, isDevice, id);
        if (load(guest, address, AccessKind.WRITE, 0) != MemoryStatus.OK) {
            return;
        }
        long before = space.memory().word(0);
        long after = MapDescriptor.entry(control);
        long at = space.physical();
        MemoryStatus status = space.memory().store(at, after);
        if (status == MemoryStatus.OK && isDevice) {
            status = space.memory().store(at + Long.BYTES, 0);
        }
        cache.invalidate(guest, isDevice, id);
        if (status != MemoryStatus.OK) {
            failed(guest, at, address, status, EventDescriptor.FLAG_RW);
            return;
        }
        (isDevice ? devices : domains).replace(guest, hostId(before), hostId(after));
    }

    private static int hostId(long entry) {
        return MapDescriptor.isValid(entry) ? MapDescriptor.hostId(entry) : IdOwners.NONE;
    }

    /** RESET_VMMIO: the maps survive in memory, what is cached of them does not. */
    void forgetCached(int guest) {
        cache.invalidateGuest(guest);
    }

    private static long addressOf(int guest, boolean isDevice, int id) {
        return isDevice ? PrivateSpaceDescriptor.deviceEntry(guest, id) : PrivateSpaceDescriptor.domainEntry(guest, id);
    }

    private MemoryStatus load(int guest, long address, AccessKind access, int virtualFlags) {
        Outcome outcome = space.translate(guest, address, access, virtualFlags);
        int flags = virtualFlags | (access.isWrite() ? EventDescriptor.FLAG_RW : 0);
        switch (outcome) {
            case FOUND -> {
                MemoryStatus status = space.memory().load(space.physical(), 1);
                if (status != MemoryStatus.OK) {
                    failed(guest, space.physical(), address, status, flags);
                }
                return status;
            }
            case FAULT ->
                events.virtualHardwareError(
                        guest, GuestEventDescriptor.SOURCE_REGISTERS, flags, MemoryStatus.OK, address);
            case NOT_RECORDED -> {
                return MemoryStatus.NOT_RECORDED;
            }
            case REPORTED -> {
                // the event tells
            }
        }
        return MemoryStatus.ABORT;
    }

    private void failed(int guest, long physical, long address, MemoryStatus status, int flags) {
        effects.memoryFailure(MemoryUse.VIRTUAL, physical, status);
        if (status != MemoryStatus.NOT_RECORDED) {
            events.virtualHardwareError(guest, GuestEventDescriptor.SOURCE_REGISTERS, flags, status, address);
        }
    }

    /** Forgets everything but what is in memory. */
    void reset() {
        cache.invalidateAll();
        devices.clear();
        domains.clear();
    }

    @Override
    public void saveTo(StateSink sink) {
        cache.saveTo(sink);
        devices.saveTo(sink);
        domains.saveTo(sink);
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        cache.restoreFrom(source);
        devices.restoreFrom(source);
        domains.restoreFrom(source);
    }
}
