package org.iorewind.model.iommu;

/** Where events that belong to a guest go first (amd-viommu reference 5.4, MC6). */
public enum EventRouting {
    /** Everything goes to the host's log, with host IDs; the hypervisor hands on with INSERT_GUEST_EVENT. */
    HOST_THEN_INJECT,
    /** Faults of the guest's own tables and errors of its commands go to the guest's log, with guest IDs. */
    DIRECT
}
