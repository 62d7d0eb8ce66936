package org.iorewind.model.platform.vmm.topology;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.iorewind.model.platform.vmm.topology.VirtualDevice.Kind;

/** Makes a topology of a command line: places what the options name in their order, numbers the buses, binds devices. */
final class TopologyPlanner {
    private static final Set<String> PASSTHROUGH_KEYS = Set.of(
            "id",
            "bus",
            "addr",
            "multifunction",
            "host",
            "iommu",
            "parent-iommu-id",
            "iommufd",
            "rombar",
            "romfile",
            "bootindex",
            "failover_pair_id",
            "display",
            "enable-migration");

    private final CommandLine line;
    private final SlotPlan slots;
    private final List<PlannedInstance> instances = new ArrayList<>();
    private final Set<String> ids = new HashSet<>();

    private TopologyPlanner(CommandLine line) {
        this.line = line;
        this.slots = new SlotPlan(line.hasDisplay(), line.hasNetwork());
    }

    static Topology plan(CommandLine line, HostPlatform host) {
        TopologyPlanner planner = new TopologyPlanner(line);
        for (DeviceOption option : line.devices()) {
            planner.take(option);
        }
        planner.slots.finish();
        return new DeviceBinding(line, host, planner.slots, planner.instances).bind();
    }

    private void take(DeviceOption option) {
        String driver = option.driver();
        if (!PciDrivers.isKnown(driver)) {
            throw new TopologyException(
                    TopologyProblem.UNKNOWN_DRIVER, option.text(), "the name of a PCI device or of an IOMMU", driver);
        }
        option.value("id")
                .filter(id -> slots.bus(id).isPresent() || !ids.add(id))
                .ifPresent(id -> {
                    throw new TopologyException(
                            TopologyProblem.DUPLICATE_ID, option.text(), "an id not used before", id);
                });
        if (PciDrivers.isInstance(driver)) {
            takeInstance(option);
        } else if (PciDrivers.isBridge(driver)) {
            slots.place(option, Kind.BRIDGE);
        } else if (driver.equals(PciDrivers.PASSTHROUGH)) {
            option.allowOnly(PASSTHROUGH_KEYS);
            option.needed("host");
            slots.place(option, Kind.PASSTHROUGH);
        } else {
            slots.place(option, PciDrivers.IOMMU_FUNCTIONS.contains(driver) ? Kind.IOMMU : Kind.EMULATED);
        }
    }

    private void takeInstance(DeviceOption option) {
        boolean isSecond = option.driver().equals(PciDrivers.SOFTWARE)
                && instances.stream().anyMatch(instance -> !instance.isHardware());
        if (isSecond) {
            throw new TopologyException(
                    TopologyProblem.SECOND_SOFTWARE_IOMMU, option.text(), "one " + PciDrivers.SOFTWARE, "two");
        }
        PlacedFunction function = option.value("pci-id")
                .map(id -> functionNamed(option, id))
                .orElseGet(() -> slots.placeInstanceFunction(option));
        instances.add(PlannedInstance.of(instances.size(), option, function, line));
    }

    private PlacedFunction functionNamed(DeviceOption option, String id) {
        boolean isTaken = instances.stream()
                .anyMatch(instance ->
                        instance.function().option().value("id").orElse("").equals(id));
        PlacedFunction function = slots.functions().stream()
                .filter(placed -> placed.kind() == Kind.IOMMU
                        && placed.option().value("id").orElse("").equals(id))
                .findFirst()
                .orElseThrow(() -> new TopologyException(
                        TopologyProblem.UNKNOWN_IOMMU,
                        option.text(),
                        "pci-id= with the id of one of "
                                + PciDrivers.IOMMU_FUNCTIONS.stream().sorted().toList(),
                        id));
        if (isTaken) {
            throw new TopologyException(
                    TopologyProblem.DUPLICATE_ID, option.text(), "a function of its own", id + " of another instance");
        }
        return function;
    }
}
