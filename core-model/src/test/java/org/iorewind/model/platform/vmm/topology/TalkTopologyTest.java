package org.iorewind.model.platform.vmm.topology;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.iorewind.model.platform.vmm.topology.VirtualDevice.Kind;
import org.iorewind.model.platform.vmm.topology.VirtualInstance.Binding;
import org.junit.jupiter.api.Test;

/** The command lines of the talk, and the generations after it (amd-viommu reference 10.1, 10.2). */
class TalkTopologyTest {
    private static final HostPlatform TWO_IOMMUS = HostPlatform.withIommusOnBuses(0x00, 0x40);

    @Test
    void theSoftwareExampleHasOneInstanceInFrontOfEverything() {
        Topology topology = Topology.of("""
                qemu-system-x86_64 -enable-kvm -cpu host -smp 8 -machine q35,kernel-irqchip=split -m 4G \\
                -device ioh3420,bus=pcie.0,addr=1c.0,multifunction=on,port=1,chassis=1,id=root.1 \\
                -device amd-iommu,intremap=on \\
                -device vfio-pci,host=0000:41:00.0 \\
                """, TWO_IOMMUS);

        VirtualInstance software = topology.software().orElseThrow();
        assertThat(topology.instances()).containsExactly(software);
        assertThat(topology.hardware()).isEmpty();
        assertThat(software.isHardware()).isFalse();
        assertThat(software.binding()).isEqualTo(Binding.REST);
        assertThat(software.physical()).isEmpty();
        assertThat(software.isRemappingInterrupts()).isTrue();
        assertThat(software.isRemappingDma()).isFalse();
        assertThat(software.mmioBase()).isEqualTo(0xFED8_0000L);
        // The machine adds a display at 00:01.0 and a network adapter at 00:02.0.
        assertThat(software.function()).hasToString("0000:00:03.0");
        assertThat(topology.device("root.1").orElseThrow().address()).hasToString("0000:00:1c.0");
        VirtualDevice passthrough = topology.passthroughDevices().get(0);
        assertThat(passthrough.address()).hasToString("0000:00:04.0");
        assertThat(passthrough.host()).contains(new PciAddress(0, 0x41, 0, 0));
        assertThat(topology.emulatedDevices()).extracting(VirtualDevice::driver).containsExactly("VGA", "e1000e");
        assertThat(topology.instanceOf(0x20)).contains(software);
        assertThat(topology.instanceOf(0xFA)).as("AHCI of the chipset").contains(software);
        assertThat(topology.instanceOf(0x0100))
                .as("what may be plugged into root.1")
                .contains(software);
        assertThat(topology.instanceOf(0x18)).as("the IOMMU itself").isEmpty();
    }

    @Test
    void theHardwareExampleHasTwoInstancesWithDevicesOfTheirOwn() {
        Topology topology = Topology.of("""
                qemu-system-x86_64 -enable-kvm -cpu host -smp 8 -machine q35,kernel-irqchip=split -m 4G \\
                -device ioh3420,bus=pcie.0,addr=1c.0,multifunction=on,port=1,chassis=1,id=root.1 \\
                -device amd-viommu,host=0000:00:00.2,id=viommu0 \\
                -device vfio-pci,host=0000:01:00.0,iommu=viommu0 \\
                -device vfio-pci,host=0000:02:00.0,iommu=viommu0 \\
                -device amd-viommu,host=0000:40:00.2,id=viommu1 \\
                -device vfio-pci,host=0000:42:00.0,iommu=viommu1
                """, TWO_IOMMUS);

        VirtualInstance first = topology.instances().get(0);
        VirtualInstance second = topology.instances().get(1);
        assertThat(topology.software()).isEmpty();
        assertThat(topology.hardware()).containsExactly(first, second);
        assertThat(List.of(first.id(), second.id())).containsExactly("viommu0", "viommu1");
        assertThat(first.binding()).isEqualTo(Binding.LINK);
        assertThat(first.physical()).contains(new PciAddress(0, 0, 0, 2));
        assertThat(second.physical()).contains(new PciAddress(0, 0x40, 0, 2));
        assertThat(first.mmioBase()).isEqualTo(0xFED8_0000L);
        assertThat(second.mmioBase()).isEqualTo(0xFED8_4000L);
        assertThat(first.isRemappingInterrupts()).isFalse();
        assertThat(hostsBehind(topology, first)).containsExactly("0000:01:00.0", "0000:02:00.0");
        assertThat(hostsBehind(topology, second)).containsExactly("0000:42:00.0");
        assertThat(topology.instanceOf(
                        topology.passthroughDevices().get(2).address().deviceId()))
                .contains(second);
        assertThat(topology.instanceOf(0x08))
                .as("the display has no software instance")
                .isEmpty();
    }

    @Test
    void aHybridMachineHasEmulatedDevicesBehindSoftwareAndOthersBehindHardware() {
        Topology topology = Topology.ofDevices(
                "amd-iommu,intremap=on,dma-remap=on",
                "amd-viommu,host=0000:00:00.2,id=viommu0",
                "vfio-pci,host=0000:01:00.0,iommu=viommu0",
                "virtio-net-pci,id=nic",
                "vfio-pci,host=0000:02:00.0,id=shadowed");

        VirtualInstance software = topology.software().orElseThrow();
        VirtualInstance hardware = topology.hardware().get(0);
        assertThat(software.isRemappingDma()).isTrue();
        assertThat(topology.instanceOf(0x18))
                .as("as docs/architecture.md shows")
                .contains(hardware);
        assertThat(topology.device("nic").orElseThrow().instance()).isEqualTo(software.number());
        assertThat(topology.device("shadowed").orElseThrow().instance()).isEqualTo(software.number());
        assertThat(hostsBehind(topology, hardware)).containsExactly("0000:01:00.0");
        assertThat(topology.device("nobody")).isEmpty();
        assertThat(hardware.mmioBase()).isEqualTo(0xFED8_4000L);
    }

    @Test
    void aSoftwareInstanceCanBeNamedLikeAHardwareOne() {
        Topology topology =
                Topology.ofDevices("amd-iommu,id=soft", "vfio-pci,host=01:00.0,iommu=soft,id=a", "edu,iommu=soft,id=b");

        assertThat(topology.devicesBehind(topology.instances().get(0)))
                .extracting(VirtualDevice::id)
                .contains("a", "b");
    }

    @Test
    void withoutAnInstanceDevicesAreBehindNone() {
        Topology topology = Topology.ofDevices("vfio-pci,host=01:00.0", "edu");

        assertThat(topology.instances()).isEmpty();
        assertThat(topology.passthroughDevices().get(0).instance()).isEqualTo(VirtualDevice.NO_INSTANCE);
        assertThat(topology.instanceOf(0x08)).isEmpty();
    }

    @Test
    void theGenerationOf2023BindsByNumbers() {
        Topology topology = Topology.ofDevices(
                "amd-viommu,host=0000:00:00.2,iommu-id=1,intremap=off,iommufd=iommufd0,translate-id=0xFFFF",
                "amd-viommu,host=0000:00:00.2,iommu-id=7,iommufd=iommufd0,translate-id=0xFFFE",
                "vfio-pci,host=81:00.0,iommufd=iommufd0,parent-iommu-id=7",
                "vfio-pci,host=82:00.0,iommufd=iommufd0,parent-iommu-id=1");

        assertThat(topology.instances().get(0).binding()).isEqualTo(Binding.NUMBER);
        assertThat(topology.instances().get(0).translateId()).contains(0xFFFF);
        assertThat(hostsBehind(topology, topology.instances().get(0))).containsExactly("0000:82:00.0");
        assertThat(hostsBehind(topology, topology.instances().get(1))).containsExactly("0000:81:00.0");
    }

    @Test
    void theGenerationOf2025BindsByRootBus() {
        Topology topology = Topology.ofDevices(
                "pxb-pcie,bus_nr=0x20,id=pcie.2",
                "pcie-root-port,bus=pcie.2,id=rp1",
                "amd-viommu,primary-bus=pcie.2,last-bus-nr=0x2F,translate-id=0x4800",
                "vfio-pci,host=01:00.0,bus=rp1,iommufd=iommufd0");

        VirtualInstance instance = topology.instances().get(0);
        assertThat(instance.binding()).isEqualTo(Binding.ROOT_BUS);
        assertThat(instance.physical()).contains(new PciAddress(0, 0, 0, 2));
        assertThat(topology.passthroughDevices().get(0).address()).hasToString("0000:21:00.0");
        assertThat(topology.rangesOf(instance)).containsExactly(DeviceRange.of(0x2000, 0x2FFF));
        assertThat(topology.instanceOf(0x2100)).contains(instance);
        assertThat(topology.instanceOf(0x3000)).isEmpty();
    }

    @Test
    void theGenerationOf2026BindsByTheRootBusOfAFunction() {
        Topology topology = Topology.ofDevices(
                "pxb-pcie,bus_nr=0x20,id=pcie.2,bus=pcie.0",
                "pcie-root-port,bus=pcie.2,id=rp1",
                "pcie-root-port,bus=pcie.2,id=rp2",
                "AMD-VIOMMU-PCI,id=iommupci0,bus=rp1",
                "amd-viommu,pci-id=iommupci0,last-bus-nr=0x2F,intremap=off",
                "vfio-pci,host=01:00.0,bus=rp2,iommufd=iommufd0");

        VirtualInstance instance = topology.instances().get(0);
        assertThat(instance.binding()).isEqualTo(Binding.PCI_FUNCTION);
        assertThat(instance.function()).hasToString("0000:21:00.0");
        assertThat(topology.device("iommupci0").orElseThrow().kind()).isEqualTo(Kind.IOMMU);
        assertThat(hostsBehind(topology, instance)).containsExactly("0000:01:00.0");
        assertThat(topology.rangesOf(instance)).containsExactly(DeviceRange.of(0x2000, 0x2FFF));
    }

    @Test
    void aSoftwareInstanceMayHaveANamedFunctionToo() {
        Topology topology = Topology.ofDevices("AMDVI-PCI,id=f,addr=7", "amd-iommu,pci-id=f");

        assertThat(topology.instances().get(0).function()).hasToString("0000:00:07.0");
    }

    @Test
    void anInstanceWithoutALastBusEndsAtItsHighestBus() {
        Topology topology = Topology.ofDevices(
                "pxb-pcie,bus_nr=32,id=p", "pcie-root-port,id=rp", "amd-viommu,primary-bus=p,last-bus-nr=0");

        assertThat(topology.rangesOf(topology.instances().get(0))).containsExactly(DeviceRange.of(0x2000, 0x21FF));
        assertThat(topology.instances().get(0).physical()).isEmpty();
    }

    @Test
    void devicesOfAConventionalBusShareTheRequesterOfTheirBridge() {
        Topology topology = Topology.ofDevices(
                "amd-iommu", "pcie-pci-bridge,id=b", "e1000,bus=b,id=first", "e1000,bus=b,id=second");

        VirtualInstance instance = topology.instances().get(0);
        assertThat(topology.device("second").orElseThrow().address()).hasToString("0000:01:01.0");
        assertThat(topology.device("second").orElseThrow().requester()).isEqualTo(0x0100);
        assertThat(topology.rangesOf(instance)).contains(new DeviceRange(0x0108, 0x0108, 0x0100));
        assertThat(topology.instanceOf(0x0100)).contains(instance);
    }

    @Test
    void anEmulatedDeviceCanBePluggedIntoAnEmptyPort() {
        Topology topology = Topology.ofDevices("pcie-root-port,id=rp", "amd-iommu");

        Topology plugged = topology.plug("virtio-net-pci,bus=rp,id=late");

        VirtualDevice late = plugged.device("late").orElseThrow();
        assertThat(late.address()).hasToString("0000:01:00.0");
        assertThat(plugged.instanceOf(late.requester())).isEqualTo(topology.instanceOf(late.requester()));
        assertThat(topology.device("late")).isEqualTo(Optional.empty());
    }

    @Test
    void aPassthroughDeviceCanBePluggedBelowTheRootBusOfItsInstance() {
        Topology topology = Topology.ofDevices(
                "pxb-pcie,bus_nr=32,id=p", "pcie-root-port,id=rp", "amd-viommu,primary-bus=p,last-bus-nr=0x2F");

        Topology plugged = topology.plug("vfio-pci,host=01:00.0,bus=rp,iommufd=iommufd0");

        assertThat(hostsBehind(plugged, plugged.instances().get(0))).containsExactly("0000:01:00.0");
    }

    private static List<String> hostsBehind(Topology topology, VirtualInstance instance) {
        return topology.devicesBehind(instance).stream()
                .flatMap(device -> device.host().stream())
                .map(PciAddress::toString)
                .toList();
    }
}
