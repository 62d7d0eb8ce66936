package org.iorewind.model.platform.vmm.topology;

import java.util.Optional;

/**
 * A PCI function that the guest sees.
 *
 * @param id the option's id, or empty text
 * @param driver what it is
 * @param kind what it is to an IOMMU
 * @param address where the guest finds it
 * @param requester DeviceID that its requests carry: its own, or that of a conventional bus's bridge
 * @param host address on the host, of a passthrough device
 * @param instance number of the instance it stands behind, or {@link #NO_INSTANCE}
 */
public record VirtualDevice(
        String id,
        String driver,
        Kind kind,
        PciAddress address,
        int requester,
        Optional<PciAddress> host,
        int instance) {
    /** Behind no IOMMU. */
    public static final int NO_INSTANCE = -1;

    /** What a function is to an IOMMU. */
    public enum Kind {
        /** Part of the machine. */
        CHIPSET,
        /** A port, switch, bridge or expander bridge. */
        BRIDGE,
        /** The function of an instance. */
        IOMMU,
        /** A device that the VMM plays. */
        EMULATED,
        /** A device of the host. */
        PASSTHROUGH
    }
}
