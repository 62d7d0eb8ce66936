package org.iorewind.model.platform.host;

import org.iorewind.model.iommu.virtual.GuestControlDescriptor;
import org.iorewind.model.iommu.virtual.MapDescriptor;

/**
 * The ID maps of one guest, which hardware writes for the host (amd-viommu reference 4.2). A DomainID that is no more leads to the
 * nest parent's, since a guest invalidates it once more when it has taken it from its last device, and hardware would stop its ring.
 * A DeviceID that is no more becomes invalid; with maps that are initialised at once it leads to DeviceID 0, as in Linux (MC-V51).
 * Not thread-safe.
 */
final class GuestMaps {
    private static final int IDS = 1 << 16;

    private final GuestSlot slot;
    private final boolean isInitialised;
    private final int parentDomain;

    /**
     * Binds the maps of a guest.
     *
     * @param parentDomain DomainID of the nest parent
     */
    GuestMaps(GuestSlot slot, ViommuOptions.IdMaps when, int parentDomain) {
        this.slot = slot;
        this.isInitialised = when == ViommuOptions.IdMaps.ALL_AT_ONCE;
        this.parentDomain = parentDomain;
    }

    /** Initialises all entries, where the option says so. */
    void initialise() {
        for (int id = 0; isInitialised && id < IDS; id++) {
            clearDevice(id);
        }
        for (int id = 0; isInitialised && id < IDS; id++) {
            clearDomain(id);
        }
    }

    /** Maps a DeviceID. */
    void setDevice(int guestDevice, int hostDevice) {
        slot.setControl(GuestControlDescriptor.DEVICE_MAP, MapDescriptor.control(guestDevice, hostDevice, true));
    }

    /** Ends that. */
    void clearDevice(int guestDevice) {
        slot.setControl(GuestControlDescriptor.DEVICE_MAP, MapDescriptor.control(guestDevice, 0, isInitialised));
    }

    /** Maps a DomainID. */
    void setDomain(int guestDomain, int hostDomain) {
        slot.setControl(GuestControlDescriptor.DOMAIN_MAP, MapDescriptor.control(guestDomain, hostDomain, true));
    }

    /** Ends that. */
    void clearDomain(int guestDomain) {
        setDomain(guestDomain, parentDomain);
    }
}
