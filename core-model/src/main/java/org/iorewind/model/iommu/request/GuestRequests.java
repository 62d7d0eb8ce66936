package org.iorewind.model.iommu.request;

import org.iorewind.model.iommu.table.DeviceEntry;
import org.jspecify.annotations.Nullable;

/** Finds the guest that takes the page requests of a device. */
public interface GuestRequests {
    /** The guest's side, or null when requests of this device go to the host. */
    @Nullable
    RequestTarget targetOf(DeviceEntry entry);
}
