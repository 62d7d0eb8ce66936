package org.iorewind.model.platform.vmm.topology;

import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.iorewind.model.platform.vmm.topology.VirtualDevice.Kind;

/**
 * The PCI topology of a virtual machine: its IOMMU instances, every function with its address in the guest, and which
 * instance each DeviceID is behind. A DeviceID is behind one instance or none. Immutable.
 */
public final class Topology {
    private static final int DEVICE_ID_MASK = 0xFFFF;

    private final CommandLine line;
    private final HostPlatform host;
    private final List<VirtualInstance> instances;
    private final List<VirtualDevice> devices;
    private final List<List<DeviceRange>> ranges;

    Topology(
            CommandLine line,
            HostPlatform host,
            List<VirtualInstance> instances,
            List<VirtualDevice> devices,
            List<List<DeviceRange>> ranges) {
        this.line = line;
        this.host = host;
        this.instances = List.copyOf(instances);
        this.devices = List.copyOf(devices);
        this.ranges = ranges.stream().map(List::copyOf).toList();
    }

    /**
     * Plans a machine.
     *
     * @param commandLine a VMM's command line, such as {@code qemu-system-x86_64 -machine q35,kernel-irqchip=split -device …}
     * @param host the physical IOMMUs of its host
     * @throws TopologyException if no such machine can be
     */
    public static Topology of(String commandLine, HostPlatform host) {
        return of(CommandLineReader.read(commandLine), host);
    }

    /** Plans a machine of options that have been read. */
    public static Topology of(CommandLine line, HostPlatform host) {
        return TopologyPlanner.plan(line, host);
    }

    /**
     * Plans a split q35 on a host with one IOMMU at 0000:00:00.2.
     *
     * @param devices what follows each {@code -device}
     */
    public static Topology ofDevices(String... devices) {
        return of(CommandLine.ofDevices(devices), HostPlatform.single());
    }

    /**
     * The same machine with a device plugged in while it runs: {@code bus=} names an empty port, and the guest's IVRS already
     * lists the new DeviceID for the instance that the device is bound to.
     *
     * @throws TopologyException otherwise: instances are never hot-pluggable
     */
    public Topology plug(String option) {
        DeviceOption device = DeviceOption.parse(option);
        boolean isPluggable = !PciDrivers.isInstance(device.driver())
                && !PciDrivers.isBridge(device.driver())
                && !PciDrivers.IOMMU_FUNCTIONS.contains(device.driver());
        if (!isPluggable
                || device.value("bus").isEmpty()
                || device.value("bus").orElse("").equals("pcie.0")) {
            throw notPluggable(option, "a device with bus= of an empty port", device.driver());
        }
        Topology plugged = of(line.with(device), host);
        VirtualDevice added = plugged.devices.get(plugged.devices.size() - 1);
        int listed = instanceOf(added.requester()).map(VirtualInstance::number).orElse(VirtualDevice.NO_INSTANCE);
        if (listed != added.instance()) {
            throw notPluggable(
                    option,
                    "a DeviceID that the IVRS lists for instance " + added.instance(),
                    added.address().toString());
        }
        return plugged;
    }

    private static TopologyException notPluggable(String option, String expected, String found) {
        return new TopologyException(TopologyProblem.NOT_HOT_PLUGGABLE, option, expected, found);
    }

    /** The instances in the order of their numbers. */
    public List<VirtualInstance> instances() {
        return instances;
    }

    /** The software instance. */
    public Optional<VirtualInstance> software() {
        return instances.stream().filter(instance -> !instance.isHardware()).findFirst();
    }

    /** The hardware instances. */
    public List<VirtualInstance> hardware() {
        return instances.stream().filter(VirtualInstance::isHardware).toList();
    }

    /** All functions that the guest sees, those of the machine first, then in the order of the options. */
    public List<VirtualDevice> devices() {
        return devices;
    }

    /** The functions that are devices of the host. */
    public List<VirtualDevice> passthroughDevices() {
        return of(device -> device.kind() == Kind.PASSTHROUGH);
    }

    /** The devices that the VMM plays; bridges and the chipset are none. */
    public List<VirtualDevice> emulatedDevices() {
        return of(device -> device.kind() == Kind.EMULATED);
    }

    /** The devices bound to an instance. */
    public List<VirtualDevice> devicesBehind(VirtualInstance instance) {
        return of(device -> device.instance() == instance.number());
    }

    private List<VirtualDevice> of(Predicate<VirtualDevice> test) {
        return devices.stream().filter(test).toList();
    }

    /** The function with this id. */
    public Optional<VirtualDevice> device(String id) {
        return devices.stream().filter(device -> device.id().equals(id)).findFirst();
    }

    /** The instance that a request with this DeviceID in the guest meets. */
    public Optional<VirtualInstance> instanceOf(int deviceId) {
        int id = deviceId & DEVICE_ID_MASK;
        return instances.stream()
                .filter(instance -> rangesOf(instance).stream().anyMatch(range -> range.contains(id)))
                .findFirst();
    }

    /** The DeviceIDs behind an instance, as its IVHD lists them; those of different instances are disjoint. */
    public List<DeviceRange> rangesOf(VirtualInstance instance) {
        return ranges.get(instance.number());
    }
}
