package org.iorewind.model.platform.vmm.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.iorewind.model.platform.vmm.topology.TopologyProblem.*;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What no VMM would start is refused by name, with the option at fault. */
class RefusedTopologyTest {
    private static final String HARDWARE = "amd-viommu,host=0000:00:00.2,id=viommu0";
    private static final String NUMBERED = "amd-viommu,host=00:00.2,iommu-id=1,iommufd=iommufd0";
    private static final String EXPANDER = "pxb-pcie,bus_nr=0x20,id=p";
    private static final String PORT = "pcie-root-port,id=rp";

    /** Problem, what the message must name, and the devices, of which the last but for bus numbers is at fault. */
    static Stream<Arguments> refused() {
        return Stream.of(
                refused(UNKNOWN_DRIVER, "virtio-net", "virtio-net"),
                refused(UNKNOWN_PROPERTY, "interemap", "amd-iommu,interemap=on"),
                refused(UNKNOWN_PROPERTY, "iomu", "vfio-pci,host=01:00.0,iomu=a"),
                refused(BAD_VALUE, "on or off", "amd-iommu,intremap=maybe"),
                refused(BAD_VALUE, "addr", "edu,addr=20"),
                refused(BAD_VALUE, "addr", "edu,addr=1.8"),
                refused(BAD_VALUE, "bus_nr", "pxb-pcie,id=p"),
                refused(BAD_VALUE, "bus_nr", "pxb-pcie,id=p,bus_nr=256"),
                refused(BAD_VALUE, "last-bus-nr", EXPANDER, "amd-viommu,primary-bus=p,last-bus-nr=300"),
                refused(MISSING_PROPERTY, "host", "vfio-pci"),
                refused(MISSING_PROPERTY, "host", "amd-viommu,id=viommu0"),
                refused(MISSING_PROPERTY, "id", "pxb-pcie,bus_nr=32"),
                refused(DUPLICATE_ID, "a", "edu,id=a", "e1000,id=a"),
                refused(DUPLICATE_ID, "pcie.0", "edu,id=pcie.0"),
                refused(DUPLICATE_ID, "iommu-id", NUMBERED, NUMBERED),
                refused(DUPLICATE_ID, "f", "AMDVI-PCI,id=f", "amd-iommu,pci-id=f", "amd-viommu,pci-id=f"),
                refused(UNKNOWN_BUS, "nowhere", "edu,bus=nowhere"),
                refused(UNKNOWN_BUS, "rp", PORT, "amd-viommu,primary-bus=rp"),
                refused(SLOT, "ich9-lpc", "edu,addr=1f"),
                refused(SLOT, "slot 1", PORT, "edu,bus=rp,addr=1"),
                refused(SLOT, "none of 1", PORT, "edu,bus=rp", "e1000,bus=rp"),
                refused(SLOT, "multifunction", "edu,addr=2", "edu,addr=2.1"),
                refused(SLOT, "multifunction", "edu,addr=0.1"),
                refused(SLOT, "multifunction", "edu,addr=2.1", "edu,addr=2"),
                refused(SLOT, "function 0", "edu,addr=2.1"),
                refused(WRONG_BUS, "expander", EXPANDER, "edu"),
                refused(WRONG_BUS, "expander", EXPANDER, "pxb-pcie,bus_nr=0x30,id=q,bus=p"),
                refused(WRONG_BUS, "port", PORT, "pcie-root-port,bus=rp"),
                refused(WRONG_BUS, "port", PORT, "xio3130-downstream,bus=rp"),
                refused(WRONG_BUS, "port", PORT, "pxb-pcie,bus_nr=1,id=q,bus=rp"),
                refused(WRONG_BUS, "root", "xio3130-downstream"),
                refused(WRONG_BUS, "root", "x3130-upstream"),
                refused(WRONG_BUS, "switch", PORT, "x3130-upstream,bus=rp,id=up", "edu,bus=up"),
                refused(WRONG_BUS, "conventional", "pcie-pci-bridge,id=b", "pcie-pci-bridge,bus=b"),
                refused(SECOND_SOFTWARE_IOMMU, "two", "amd-iommu", "amd-iommu"),
                refused(BINDING, "none", "amd-viommu,host=00:00.2"),
                refused(BINDING, "iommu-id= and pci-id=", "AMD-VIOMMU-PCI,id=f", "amd-viommu,iommu-id=1,pci-id=f"),
                refused(UNKNOWN_IOMMU, "viommu1", HARDWARE, "vfio-pci,host=01:00.0,iommu=viommu1"),
                refused(UNKNOWN_IOMMU, "amd-iommu 0", "amd-iommu", "vfio-pci,host=01:00.0,iommu=viommu1"),
                refused(UNKNOWN_IOMMU, "[1]", NUMBERED, "vfio-pci,host=01:00.0,iommufd=iommufd0,parent-iommu-id=2"),
                refused(UNKNOWN_IOMMU, "n", NUMBERED + ",id=n", "vfio-pci,host=01:00.0,iommufd=iommufd0,iommu=n"),
                refused(UNKNOWN_IOMMU, "f", "edu,id=f", "amd-viommu,pci-id=f"),
                refused(UNKNOWN_IOMMU, "g", "AMDVI-PCI,id=f", "amd-viommu,pci-id=g"),
                refused(SLOT, "taken", "pcie-pci-bridge,id=b", "edu,bus=b,addr=3", "edu,bus=b,addr=3"),
                refused(
                        DEVICE_BOUND_TWICE,
                        "iommu=viommu0 and parent-iommu-id=1",
                        HARDWARE,
                        NUMBERED,
                        "vfio-pci,host=01:00.0,iommu=viommu0,parent-iommu-id=1,iommufd=iommufd0"),
                refused(
                        DEVICE_BOUND_TWICE,
                        "root bus p",
                        HARDWARE,
                        EXPANDER,
                        PORT,
                        "amd-viommu,primary-bus=p",
                        "vfio-pci,host=01:00.0,iommu=viommu0,bus=rp"),
                refused(HOST_DEVICE_USED_TWICE, "0000:01:00.0", "vfio-pci,host=01:00.0", "vfio-pci,host=0000:01:00.0"),
                refused(EMULATED_BEHIND_HARDWARE, "virtio-net-pci", HARDWARE, "virtio-net-pci,iommu=viommu0"),
                refused(
                        EMULATED_BEHIND_HARDWARE,
                        "edu",
                        EXPANDER,
                        PORT,
                        "amd-viommu,primary-bus=p,last-bus-nr=0x2F",
                        "edu,bus=rp"),
                refused(UNKNOWN_HOST_IOMMU, "0000:20:00.2", "amd-viommu,host=20:00.2,id=a"),
                refused(UNKNOWN_HOST_IOMMU, "0001:01:00.0", HARDWARE, "vfio-pci,host=0001:01:00.0,iommu=viommu0"),
                refused(IOMMUFD_NEEDED, "no iommufd=", "amd-viommu,host=00:00.2,iommu-id=1"),
                refused(IOMMUFD_NEEDED, "iommufd=fd9", "amd-viommu,host=00:00.2,iommu-id=1,iommufd=fd9"),
                refused(IOMMUFD_NEEDED, "no iommufd=", NUMBERED, "vfio-pci,host=01:00.0,parent-iommu-id=1"),
                refused(
                        IOMMUFD_NEEDED,
                        "no iommufd=",
                        EXPANDER,
                        PORT,
                        "amd-viommu,primary-bus=p",
                        "vfio-pci,host=01:00.0,bus=rp"),
                refused(
                        DEVICE_SETS_OVERLAP,
                        "root bus",
                        EXPANDER,
                        "amd-viommu,primary-bus=p",
                        "amd-viommu,primary-bus=p"),
                refused(
                        DEVICE_SETS_OVERLAP,
                        "0000:30:00.0",
                        EXPANDER,
                        "amd-viommu,primary-bus=p,last-bus-nr=0x30",
                        "pxb-pcie,bus_nr=0x30,id=q",
                        "amd-viommu,primary-bus=q"),
                refused(
                        BAD_VALUE,
                        "translate-id",
                        HARDWARE + ",translate-id=0x100",
                        "vfio-pci,host=01:00.0,iommu=viommu0"),
                refused(
                        BAD_VALUE,
                        "of its own",
                        HARDWARE + ",translate-id=0x4800",
                        "amd-viommu,host=00:00.2,id=b,translate-id=0x4800"));
    }

    private static Arguments refused(TopologyProblem problem, String named, String... devices) {
        return Arguments.of(problem, named, devices);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void isRefusedByName(TopologyProblem problem, String named, String[] devices) {
        assertThatThrownBy(() -> Topology.ofDevices(devices))
                .isInstanceOf(TopologyException.class)
                .hasMessageStartingWith(problem + " in ")
                .hasMessageContaining(named)
                .hasMessageEndingWith(problem.remedy());
    }

    @Test
    void devicesOfOneInstanceBehindTwoPhysicalIommusAreRefused() {
        HostPlatform host = HostPlatform.withIommusOnBuses(0x00, 0x40);

        assertRefused(
                DIFFERENT_PHYSICAL_IOMMUS,
                () -> Topology.of(CommandLine.ofDevices(HARDWARE, "vfio-pci,host=0000:42:00.0,iommu=viommu0"), host));
        assertRefused(
                DIFFERENT_PHYSICAL_IOMMUS,
                () -> Topology.of(
                        CommandLine.ofDevices(
                                EXPANDER,
                                PORT,
                                "pcie-root-port,id=rp2",
                                "amd-viommu,primary-bus=p",
                                "vfio-pci,host=01:00.0,bus=rp,iommufd=iommufd0",
                                "vfio-pci,host=42:00.0,bus=rp2,iommufd=iommufd0"),
                        host));
    }

    @Test
    void oneTranslateDeviceIdMayServeOnTwoPhysicalIommus() {
        Topology topology = Topology.of(
                CommandLine.ofDevices(
                        "amd-viommu,host=00:00.2,id=a,translate-id=0x4800",
                        "amd-viommu,host=40:00.2,id=b,translate-id=0x4800",
                        EXPANDER,
                        "amd-viommu,primary-bus=p,translate-id=0x4800"),
                HostPlatform.withIommusOnBuses(0x00, 0x40));

        assertThat(topology.instances()).hasSize(3);
    }

    @Test
    void aConventionalBusCannotBeSharedByTwoInstances() {
        assertRefused(
                DEVICE_SETS_OVERLAP,
                () -> Topology.ofDevices(
                        "amd-iommu",
                        HARDWARE,
                        "pcie-pci-bridge,id=b",
                        "e1000,bus=b",
                        "vfio-pci,host=01:00.0,bus=b,iommu=viommu0"));
    }

    @Test
    void busNumbersMustRise() {
        assertRefused(BUS_NUMBERS, () -> Topology.ofDevices("pxb-pcie,bus_nr=1,id=p", "pcie-root-port,bus=pcie.0"));
        assertRefused(BUS_NUMBERS, () -> Topology.ofDevices("pxb-pcie,bus_nr=255,id=p", "pcie-root-port"));
        assertRefused(BUS_NUMBERS, () -> Topology.ofDevices("pxb-pcie,bus_nr=9,id=p", "pxb-pcie,bus_nr=9,id=q"));
    }

    @Test
    void moreThan256BusesAreRefused() {
        List<String> ports = new ArrayList<>();
        for (int i = 8; i < 248; i++) {
            ports.add("pcie-root-port,multifunction=on,addr=" + Integer.toHexString(i / 8) + "." + i % 8 + ",id=p" + i);
        }
        ports.add("x3130-upstream,bus=p8,id=up");
        for (int i = 0; i < 14; i++) {
            ports.add("xio3130-downstream,bus=up");
        }
        assertThat(Topology.ofDevices(ports.toArray(String[]::new)).devices()).hasSize(4 + 255);

        ports.add("xio3130-downstream,bus=up");

        assertRefused(BUS_NUMBERS, () -> Topology.ofDevices(ports.toArray(String[]::new)));
    }

    @Test
    void aRootBusBeyondTheLastBusOfItsInstanceIsRefused() {
        assertRefused(
                BUS_BEYOND_RANGE,
                () -> Topology.ofDevices(EXPANDER, PORT, "amd-viommu,primary-bus=p,last-bus-nr=0x20"));
    }

    @Test
    void theMachineMustAllowAnIommu() {
        HostPlatform host = HostPlatform.single();

        assertRefused(MACHINE, () -> Topology.of("qemu -machine pc -device amd-iommu", host));
        assertRefused(
                SPLIT_IRQCHIP, () -> Topology.of("qemu -enable-kvm -machine q35 -device amd-iommu,intremap=on", host));
        assertRefused(SPLIT_IRQCHIP, () -> Topology.of("qemu -machine q35 -device " + HARDWARE, host));
        assertRefused(
                SPLIT_IRQCHIP,
                () -> Topology.of("qemu -machine q35,accel=kvm,kernel-irqchip=off -device " + HARDWARE, host));
        Topology topology = Topology.of("qemu -enable-kvm -machine q35 -device amd-iommu", host);
        assertThat(topology.instances().get(0).isRemappingInterrupts()).isFalse();
    }

    @Test
    void instancesAndWhatTheirTablesDoNotListCannotBePluggedIn() {
        Topology topology = Topology.ofDevices("amd-iommu", HARDWARE, PORT, "pcie-root-port,id=rp2");

        for (String option : Set.of(
                "amd-viommu,host=00:00.2,id=v,bus=rp",
                "AMD-VIOMMU-PCI,id=f,bus=rp",
                "pcie-root-port,bus=rp",
                "edu",
                "edu,bus=pcie.0",
                "vfio-pci,host=01:00.0,bus=rp,iommu=viommu0")) {
            assertRefused(NOT_HOT_PLUGGABLE, () -> topology.plug(option));
        }
    }

    @Test
    void everyProblemHasATest() {
        Set<TopologyProblem> tested = EnumSet.of(
                MALFORMED_OPTION, // DeviceOptionTest
                DIFFERENT_PHYSICAL_IOMMUS,
                BUS_NUMBERS,
                BUS_BEYOND_RANGE,
                MACHINE,
                SPLIT_IRQCHIP,
                NOT_HOT_PLUGGABLE);
        refused().forEach(arguments -> tested.add((TopologyProblem) arguments.get()[0]));

        assertThat(tested).containsExactlyInAnyOrder(TopologyProblem.values());
    }

    private static void assertRefused(TopologyProblem problem, Runnable action) {
        assertThatThrownBy(action::run)
                .isInstanceOf(TopologyException.class)
                .extracting("problem")
                .isEqualTo(problem);
    }
}
