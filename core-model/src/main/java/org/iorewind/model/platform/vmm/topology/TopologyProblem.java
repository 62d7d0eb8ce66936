package org.iorewind.model.platform.vmm.topology;

/** What can be wrong with a topology. */
public enum TopologyProblem {
    /** An option's text cannot be taken apart. */
    MALFORMED_OPTION("Write an option as driver,key=value,… with a comma in a value doubled."),
    /** A driver that the model does not know. */
    UNKNOWN_DRIVER("Name a PCI device, port or IOMMU that the model knows; other devices do not matter to an IOMMU."),
    /** A property that its driver does not have. */
    UNKNOWN_PROPERTY("Correct the property's name, or leave it out."),
    /** A value that its property cannot take. */
    BAD_VALUE("Correct the value."),
    /** A property is missing. */
    MISSING_PROPERTY("Add the property."),
    /** An id is used twice. */
    DUPLICATE_ID("Give each device and object an id of its own."),
    /** No bus has this name. */
    UNKNOWN_BUS("Name pcie.0, or the id of a bridge that stands earlier in the options."),
    /** A place on a bus is taken, does not exist, or no place is left. */
    SLOT("Choose another addr=, or leave it out."),
    /** The kind of device cannot stand on this bus. */
    WRONG_BUS("Put the device behind a port, and the port on this bus."),
    /** Numbers of buses collide or run out. */
    BUS_NUMBERS("Give the expander bridge another bus_nr=."),
    /** The machine is not one that can have such an IOMMU. */
    MACHINE("Use -machine q35."),
    /** Interrupt remapping needs another interrupt controller. */
    SPLIT_IRQCHIP("Use -machine q35,kernel-irqchip=split, or intremap=off for an amd-iommu."),
    /** A machine has one software IOMMU. */
    SECOND_SOFTWARE_IOMMU("Leave one amd-iommu; further instances are amd-viommu."),
    /** An instance says in two ways which devices stand behind it, or in none. */
    BINDING("Use one of id= with host=, iommu-id=, primary-bus=, pci-id=."),
    /** No instance has this id or number. */
    UNKNOWN_IOMMU("Name an instance of the options: id= for iommu=, iommu-id= for parent-iommu-id=."),
    /** A device is bound to two instances. */
    DEVICE_BOUND_TWICE("Leave one binding."),
    /** A device of the host is given to the guest twice. */
    HOST_DEVICE_USED_TWICE("Give each device of the host once."),
    /** Only passthrough devices can stand behind a hardware instance. */
    EMULATED_BEHIND_HARDWARE("Leave the emulated device to an amd-iommu, or put it on another root bus."),
    /** Passthrough devices of one instance stand behind different physical IOMMUs. */
    DIFFERENT_PHYSICAL_IOMMUS("Use one amd-viommu for each physical IOMMU, and bind each device to its own."),
    /** The host has no such IOMMU, or none in front of a device. */
    UNKNOWN_HOST_IOMMU("Name a physical IOMMU of the host and a device behind it."),
    /** A backend of the kind iommufd is needed. */
    IOMMUFD_NEEDED("Add -object iommufd,id=iommufd0 and iommufd=iommufd0."),
    /** A DeviceID would belong to two instances. */
    DEVICE_SETS_OVERLAP("Give the instances disjoint buses."),
    /** A bus of an instance lies beyond its last one. */
    BUS_BEYOND_RANGE("Raise last-bus-nr=."),
    /** It cannot be plugged in while the machine runs. */
    NOT_HOT_PLUGGABLE("Name it on the command line.");

    private final String remedy;

    TopologyProblem(String remedy) {
        this.remedy = remedy;
    }

    /** What to do about it. */
    public String remedy() {
        return remedy;
    }
}
