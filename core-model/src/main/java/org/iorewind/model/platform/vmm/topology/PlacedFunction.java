package org.iorewind.model.platform.vmm.topology;

import java.util.Optional;

/**
 * A function on its bus while a topology is planned.
 *
 * @param option the option that made it; of what the machine brings along, one with the driver's name only
 * @param driver what it is: of an instance's own function not the option's driver
 * @param kind what it is to an IOMMU
 * @param bus where it stands
 * @param device 0 to 31
 * @param function 0 to 7
 * @param isMultifunction whether its device may have further functions
 * @param secondary the bus below it
 */
record PlacedFunction(
        DeviceOption option,
        String driver,
        VirtualDevice.Kind kind,
        PciBus bus,
        int device,
        int function,
        boolean isMultifunction,
        Optional<PciBus> secondary) {

    /** Where the guest finds it, once buses have numbers. */
    PciAddress address() {
        return new PciAddress(0, bus.number(), device, function);
    }

    /** DeviceID of its requests: a bridge to conventional PCI signs for what is below. */
    int requester() {
        return bus.kind() == PciBus.Kind.CONVENTIONAL
                ? new PciAddress(0, bus.number(), 0, 0).deviceId()
                : address().deviceId();
    }

    String place() {
        return bus.name() + " " + Integer.toHexString(device) + "." + function;
    }
}
