package org.iorewind.model.platform.vmm.topology;

import static org.iorewind.model.platform.vmm.topology.VirtualInstance.Binding;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.iorewind.model.platform.vmm.topology.CommandLine.Irqchip;
import org.iorewind.model.platform.vmm.topology.CommandLine.Machine;
import org.iorewind.model.platform.vmm.topology.VirtualInstance.Kind;

/**
 * An instance while a topology is planned: its option, checked against its machine, and its function.
 *
 * @param number in the order of the options
 * @param option the option
 * @param binding how devices name it
 * @param function its function
 * @param intremap whether it remaps interrupts
 */
record PlannedInstance(int number, DeviceOption option, Binding binding, PlacedFunction function, boolean intremap) {
    private static final Set<String> SOFTWARE_KEYS =
            Set.of("id", "intremap", "dma-remap", "dma-translation", "device-iotlb", "pt", "xtsup", "pci-id");
    private static final Set<String> HARDWARE_KEYS = Set.of(
            "id", "host", "iommu-id", "primary-bus", "pci-id", "last-bus-nr", "translate-id", "intremap", "iommufd");
    private static final int LAST_DEVICE_ID = 0xFFFF;
    private static final int LAST_BUS = 0xFF;

    /** Checks an instance's option; {@code function} is where {@code pci-id=} leads, or a new one. */
    static PlannedInstance of(int number, DeviceOption option, PlacedFunction function, CommandLine line) {
        boolean isHardware = isHardware(option);
        option.allowOnly(isHardware ? HARDWARE_KEYS : SOFTWARE_KEYS);
        Machine machine = line.machine();
        if (!machine.isQ35()) {
            throw new TopologyException(TopologyProblem.MACHINE, option.text(), "a q35", machine.type());
        }
        // Remapping is on where nothing is said and the machine allows it; hardware instances remap only on request
        // (MC-V72).
        boolean intremap = option.flag("intremap").orElse(!isHardware && !machine.isIrqchipInKernel());
        boolean needsSplit = isHardware ? machine.irqchip() != Irqchip.SPLIT : intremap && machine.isIrqchipInKernel();
        if (needsSplit) {
            throw new TopologyException(
                    TopologyProblem.SPLIT_IRQCHIP,
                    option.text(),
                    "kernel-irqchip=split",
                    "kernel-irqchip=" + machine.irqchip());
        }
        Binding binding = isHardware ? bindingOf(option) : Binding.REST;
        checkHardware(option, binding, line);
        return new PlannedInstance(number, option, binding, function, intremap);
    }

    private static boolean isHardware(DeviceOption option) {
        return option.driver().equals(PciDrivers.HARDWARE);
    }

    private static Binding bindingOf(DeviceOption option) {
        Map<String, Binding> named = new LinkedHashMap<>();
        option.value("iommu-id").ifPresent(value -> named.put("iommu-id=", Binding.NUMBER));
        option.value("primary-bus").ifPresent(value -> named.put("primary-bus=", Binding.ROOT_BUS));
        option.value("pci-id").ifPresent(value -> named.put("pci-id=", Binding.PCI_FUNCTION));
        if (named.isEmpty() && option.value("id").isPresent()) {
            named.put("id=", Binding.LINK);
        }
        if (named.size() != 1) {
            throw new TopologyException(
                    TopologyProblem.BINDING,
                    option.text(),
                    "one way to bind devices",
                    named.isEmpty() ? "none" : String.join(" and ", named.keySet()));
        }
        return named.values().iterator().next();
    }

    private static void checkHardware(DeviceOption option, Binding binding, CommandLine line) {
        if (binding == Binding.LINK || binding == Binding.NUMBER) {
            option.needed("host");
        }
        if (binding == Binding.NUMBER) {
            option.number("iommu-id", Integer.MAX_VALUE);
        }
        checkBackend(option, binding == Binding.NUMBER, line);
        option.number("translate-id", LAST_DEVICE_ID);
        option.number("last-bus-nr", LAST_BUS);
    }

    /** That an option names a backend that exists, and names one at all if it must. */
    static void checkBackend(DeviceOption option, boolean isNeeded, CommandLine line) {
        Optional<String> backend = option.value("iommufd");
        boolean isThere = backend.map(line.iommufds()::contains).orElse(!isNeeded);
        if (!isThere) {
            throw new TopologyException(
                    TopologyProblem.IOMMUFD_NEEDED,
                    option.text(),
                    "iommufd= with one of " + line.iommufds(),
                    backend.map(id -> "iommufd=" + id).orElse("no iommufd="));
        }
    }

    boolean isHardware() {
        return isHardware(option);
    }

    Optional<PciAddress> host() {
        return option.address("host");
    }

    Optional<Integer> translateId() {
        return option.number("translate-id", LAST_DEVICE_ID);
    }

    /** Last bus of an instance that is bound by a root bus: the highest one below it unless the option names one. */
    int lastBus(PciBus root) {
        return option.number("last-bus-nr", LAST_BUS).filter(bus -> bus != 0).orElse(root.lastNumber());
    }

    String name() {
        return option.value("id").orElse(option.driver() + " " + number);
    }

    VirtualInstance withPhysical(Optional<PciAddress> physical) {
        return new VirtualInstance(
                number,
                isHardware() ? Kind.HARDWARE : Kind.SOFTWARE,
                option.value("id").orElse(""),
                function.address(),
                VirtualInstance.mmioBase(number),
                binding,
                physical,
                intremap,
                option.flag("dma-remap").orElse(false),
                translateId());
    }
}
