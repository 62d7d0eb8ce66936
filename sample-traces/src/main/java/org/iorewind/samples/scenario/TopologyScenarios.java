package org.iorewind.samples.scenario;

import java.util.List;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.vmm.topology.HostPlatform;
import org.iorewind.model.platform.vmm.topology.Topology;
import org.iorewind.model.platform.vmm.topology.TopologyException;
import org.iorewind.model.platform.vmm.topology.TopologyProblem;

/** Machines that are built from the command lines of the talk. */
final class TopologyScenarios {
    static final String REFUSED = "refused: ";

    /** The talk's options, and dma-remap, without which the VMM would not start with the passthrough device. */
    private static final String SOFTWARE = """
            qemu-system-x86_64 -enable-kvm -cpu host -smp 8 -machine q35,kernel-irqchip=split -m 4G \\
            -device ioh3420,bus=pcie.0,addr=1c.0,multifunction=on,port=1,chassis=1,id=root.1 \\
            -device amd-iommu,intremap=on,dma-remap=on \\
            -device vfio-pci,host=0000:41:00.0
            """;

    private static final String HARDWARE = """
            qemu-system-x86_64 -enable-kvm -cpu host -smp 8 -machine q35,kernel-irqchip=split -m 4G \\
            -device ioh3420,bus=pcie.0,addr=1c.0,multifunction=on,port=1,chassis=1,id=root.1 \\
            -device amd-viommu,host=0000:00:00.2,id=viommu0 \\
            -device vfio-pci,host=0000:01:00.0,iommu=viommu0 \\
            -device vfio-pci,host=0000:02:00.0,iommu=viommu0 \\
            -device amd-viommu,host=0000:40:00.2,id=viommu1 \\
            -device vfio-pci,host=0000:42:00.0,iommu=viommu1
            """;

    private TopologyScenarios() {}

    static List<Scenario> list() {
        return List.of(
                Scenario.of(
                        "topology-sw",
                        "The talk's command line with one amd-iommu: an emulated adapter and a passthrough device"
                                + " behind it each write a page.",
                        (bus, seed) -> software(bus),
                        "topology",
                        "sw"),
                Scenario.of(
                        "topology-hw",
                        "The talk's command line with two instances of amd-viommu, on a host with two IOMMUs: each of"
                                + " the three passthrough devices writes a page, behind its own instance.",
                        (bus, seed) -> hardware(bus),
                        "topology",
                        "hw"),
                Scenario.of(
                        "hw-emulated-refused",
                        "An emulated adapter is refused behind an amd-viommu, which shadows nothing; behind an"
                                + " amd-iommu beside it, the adapter works.",
                        (bus, seed) -> emulatedBehindHardware(bus),
                        "topology",
                        "hybrid",
                        "errors"));
    }

    private static void software(SystemBus bus) {
        HostPlatform host = HostPlatform.single();
        Topology topology = Topology.of(SOFTWARE, host);
        PlannedMachine machine = PlannedMachine.boot(bus, host, topology);
        topology.emulatedDevices().stream()
                .filter(device -> device.driver().equals("e1000e"))
                .forEach(machine::use);
        topology.passthroughDevices().forEach(machine::use);
    }

    private static void hardware(SystemBus bus) {
        HostPlatform host = HostPlatform.withIommusOnBuses(0x00, 0x40);
        Topology topology = Topology.of(HARDWARE, host);
        PlannedMachine machine = PlannedMachine.boot(bus, host, topology);
        topology.passthroughDevices().forEach(machine::use);
    }

    private static void emulatedBehindHardware(SystemBus bus) {
        String hardware = "amd-viommu,host=0000:00:00.2,id=viommu0";
        String passthrough = "vfio-pci,host=0000:01:00.0,iommu=viommu0";
        TopologyProblem problem = problemOf(hardware, passthrough, "virtio-net-pci,iommu=viommu0");
        bus.phase(REFUSED + problem, true);
        bus.phase(REFUSED + problem, false);
        Topology topology = Topology.ofDevices(hardware, passthrough, "amd-iommu,intremap=on", "virtio-net-pci");
        PlannedMachine machine = PlannedMachine.boot(bus, HostPlatform.single(), topology);
        topology.passthroughDevices().forEach(machine::use);
        topology.emulatedDevices().stream()
                .filter(device -> device.driver().equals("virtio-net-pci"))
                .forEach(machine::use);
    }

    private static TopologyProblem problemOf(String... devices) {
        try {
            Topology.ofDevices(devices);
        } catch (TopologyException refusal) {
            return refusal.problem();
        }
        throw new IllegalStateException("the VMM should have refused: devices=" + List.of(devices));
    }
}
