package org.iorewind.model.platform.vmm;

/** How a guest reaches its head, tail and status registers (amd-viommu reference 3.3). */
public enum ViommuExposure {
    /** Each access exits, and the VMM passes it on: the prototypes of 2023 and 2024. */
    TRAPPED,
    /** The guest has the VF page itself. */
    DIRECT
}
