package org.iorewind.model.platform.vmm.topology;

import static org.iorewind.model.platform.vmm.topology.VirtualDevice.NO_INSTANCE;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.iorewind.model.platform.vmm.topology.VirtualDevice.Kind;
import org.iorewind.model.platform.vmm.topology.VirtualInstance.Binding;

/** Finds the instance of each function, and refuses what cannot be. Not thread-safe. */
final class DeviceBinding {
    private final CommandLine line;
    private final HostPlatform host;
    private final SlotPlan slots;
    private final List<PlannedInstance> instances;
    private final List<VirtualDevice> devices = new ArrayList<>();
    private final Map<PciAddress, String> usedHostDevices = new LinkedHashMap<>();
    /** Physical IOMMU of each hardware instance that has one by now. */
    private final Map<Integer, PciAddress> physical = new TreeMap<>();

    private final Map<Integer, PlannedInstance> byNumber = new TreeMap<>();
    private final Map<String, PlannedInstance> byRootBus = new TreeMap<>();

    DeviceBinding(CommandLine line, HostPlatform host, SlotPlan slots, List<PlannedInstance> instances) {
        this.line = line;
        this.host = host;
        this.slots = slots;
        this.instances = instances;
    }

    Topology bind() {
        instances.forEach(this::register);
        for (PlacedFunction placed : slots.functions()) {
            devices.add(bound(placed));
        }
        instances.forEach(this::checkTranslateId);
        List<VirtualInstance> made = new ArrayList<>();
        List<List<DeviceRange>> ranges = new ArrayList<>();
        for (PlannedInstance instance : instances) {
            made.add(instance.withPhysical(Optional.ofNullable(physical.get(instance.number()))));
            ranges.add(rangesOf(instance));
        }
        checkDisjoint(ranges);
        return new Topology(line, host, made, devices, ranges);
    }

    private void register(PlannedInstance instance) {
        DeviceOption option = instance.option();
        if (instance.isHardware()) {
            instance.host().ifPresent(function -> {
                if (!host.hasUnit(function)) {
                    throw new TopologyException(
                            TopologyProblem.UNKNOWN_HOST_IOMMU,
                            option.text(),
                            "host= with the function of a physical IOMMU",
                            function.toString());
                }
                physical.put(instance.number(), function);
            });
        }
        if (instance.binding() == Binding.NUMBER) {
            int number = option.number("iommu-id", Integer.MAX_VALUE).orElseThrow();
            if (byNumber.putIfAbsent(number, instance) != null) {
                throw new TopologyException(
                        TopologyProblem.DUPLICATE_ID, option.text(), "an iommu-id= not used before", "" + number);
            }
        }
        if (instance.binding().isByRootBus()) {
            PlannedInstance other = byRootBus.putIfAbsent(rootOf(instance).name(), instance);
            if (other != null) {
                throw overlap(instance, rootOf(instance).name() + ", the root bus of " + other.name());
            }
        }
    }

    /** The root bus that a hardware instance of the later generations is bound to. */
    private PciBus rootOf(PlannedInstance instance) {
        if (instance.binding() == Binding.PCI_FUNCTION) {
            return instance.function().bus().root();
        }
        String name = instance.option().needed("primary-bus");
        return slots.bus(name)
                .filter(bus -> bus.kind().isRoot())
                .orElseThrow(() -> new TopologyException(
                        TopologyProblem.UNKNOWN_BUS, instance.option().text(), "primary-bus= with a root bus", name));
    }

    private VirtualDevice bound(PlacedFunction placed) {
        DeviceOption option = placed.option();
        Optional<PciAddress> hostDevice = Optional.empty();
        int instance = NO_INSTANCE;
        if (placed.kind() != Kind.IOMMU) {
            Optional<PlannedInstance> owner = ownerOf(placed);
            if (placed.kind() == Kind.PASSTHROUGH) {
                PciAddress address = option.address("host").orElseThrow();
                checkHostDevice(option, address);
                PlannedInstance.checkBackend(
                        option, owner.map(DeviceBinding::needsBackend).orElse(false), line);
                owner.filter(PlannedInstance::isHardware)
                        .ifPresent(hardware -> checkPhysical(option, address, hardware));
                hostDevice = Optional.of(address);
            } else {
                owner = owner.filter(hardware -> isAllowedBehind(hardware, placed))
                        .or(this::software);
            }
            instance = owner.map(PlannedInstance::number).orElse(NO_INSTANCE);
        }
        return new VirtualDevice(
                option.value("id").orElse(""),
                placed.driver(),
                placed.kind(),
                placed.address(),
                placed.requester(),
                hostDevice,
                instance);
    }

    /** Bridges may stand on the bus of a hardware instance; whatever else the VMM plays must not be behind one. */
    private static boolean isAllowedBehind(PlannedInstance owner, PlacedFunction placed) {
        if (owner.isHardware() && placed.kind() != Kind.BRIDGE) {
            throw new TopologyException(
                    TopologyProblem.EMULATED_BEHIND_HARDWARE,
                    placed.option().text(),
                    "only passthrough devices behind " + owner.name(),
                    placed.driver() + " at " + placed.place());
        }
        return true;
    }

    private static boolean needsBackend(PlannedInstance owner) {
        return owner.isHardware() && owner.binding() != Binding.LINK;
    }

    private Optional<PlannedInstance> software() {
        return instances.stream().filter(instance -> !instance.isHardware()).findFirst();
    }

    private Optional<PlannedInstance> ownerOf(PlacedFunction placed) {
        DeviceOption option = placed.option();
        Map<String, PlannedInstance> named = new TreeMap<>();
        option.value("iommu").ifPresent(id -> named.put("iommu=" + id, instanceNamed(option, id)));
        option.value("parent-iommu-id")
                .ifPresent(text -> named.put("parent-iommu-id=" + text, instanceNumbered(option, text)));
        PciBus root = placed.bus().root();
        Optional.ofNullable(byRootBus.get(root.name()))
                .ifPresent(instance -> named.put("root bus " + root.name(), instance));
        if (named.size() > 1) {
            throw new TopologyException(
                    TopologyProblem.DEVICE_BOUND_TWICE,
                    option.text(),
                    "one binding",
                    String.join(" and ", named.keySet()));
        }
        return named.values().stream().findFirst().or(this::software);
    }

    private PlannedInstance instanceNamed(DeviceOption option, String id) {
        return instances.stream()
                .filter(instance -> instance.option().value("id").orElse("").equals(id))
                .filter(instance -> !instance.isHardware() || instance.binding() == Binding.LINK)
                .findFirst()
                .orElseThrow(() -> new TopologyException(
                        TopologyProblem.UNKNOWN_IOMMU,
                        option.text(),
                        "iommu= with one of "
                                + instances.stream().map(PlannedInstance::name).toList(),
                        id));
    }

    private PlannedInstance instanceNumbered(DeviceOption option, String text) {
        int number = option.number("parent-iommu-id", Integer.MAX_VALUE).orElseThrow();
        return Optional.ofNullable(byNumber.get(number))
                .orElseThrow(() -> new TopologyException(
                        TopologyProblem.UNKNOWN_IOMMU,
                        option.text(),
                        "parent-iommu-id= with one of " + byNumber.keySet(),
                        text));
    }

    private void checkHostDevice(DeviceOption option, PciAddress address) {
        String other = usedHostDevices.putIfAbsent(address, option.text());
        if (other != null) {
            throw new TopologyException(
                    TopologyProblem.HOST_DEVICE_USED_TWICE,
                    option.text(),
                    "a device of the host not used before",
                    address + " of " + other);
        }
    }

    private void checkPhysical(DeviceOption option, PciAddress address, PlannedInstance owner) {
        PciAddress unit = host.unitOf(address)
                .orElseThrow(() -> new TopologyException(
                        TopologyProblem.UNKNOWN_HOST_IOMMU,
                        option.text(),
                        "host= with a device behind a physical IOMMU",
                        address.toString()))
                .function();
        PciAddress expected = physical.computeIfAbsent(owner.number(), number -> unit);
        if (!expected.equals(unit)) {
            throw new TopologyException(
                    TopologyProblem.DIFFERENT_PHYSICAL_IOMMUS,
                    option.text(),
                    "a device behind " + expected + ", the physical IOMMU of " + owner.name(),
                    address + " behind " + unit);
        }
    }

    /** A translate DeviceID must be nobody's on its physical IOMMU (amd-viommu reference 2.5). */
    private void checkTranslateId(PlannedInstance instance) {
        Optional<Integer> id = instance.translateId();
        if (id.isEmpty()) {
            return;
        }
        for (PciAddress used : usedHostDevices.keySet()) {
            if (used.deviceId() == id.get()) {
                throw instance.option().badValue("translate-id", "a DeviceID that no device has", used.toString());
            }
        }
        for (PlannedInstance other : instances) {
            boolean isSamePlace = other.number() < instance.number()
                    && physical.containsKey(other.number())
                    && physical.get(other.number()).equals(physical.get(instance.number()));
            if (isSamePlace && other.translateId().equals(id)) {
                throw instance.option().badValue("translate-id", "a DeviceID of its own", "that of " + other.name());
            }
        }
    }

    private List<DeviceRange> rangesOf(PlannedInstance instance) {
        if (instance.binding().isByRootBus()) {
            PciBus root = rootOf(instance);
            int lastBus = instance.lastBus(root);
            if (root.lastNumber() > lastBus) {
                throw new TopologyException(
                        TopologyProblem.BUS_BEYOND_RANGE,
                        instance.option().text(),
                        "last-bus-nr= of at least " + root.lastNumber(),
                        String.valueOf(lastBus));
            }
            return List.of(DeviceRange.of(
                    new PciAddress(0, root.number(), 0, 0).deviceId(), new PciAddress(0, lastBus, 31, 7).deviceId()));
        }
        List<DeviceRange> ranges = new ArrayList<>();
        for (VirtualDevice device : devices) {
            if (device.instance() == instance.number()) {
                int id = device.address().deviceId();
                int alias = device.requester() == id ? DeviceRange.NONE : device.requester();
                ranges.add(new DeviceRange(id, id, alias));
            }
        }
        if (!instance.isHardware()) {
            emptyBusesBelow(ranges);
        }
        return ranges;
    }

    /** The rest includes what may be plugged into empty ports later. */
    private void emptyBusesBelow(List<DeviceRange> ranges) {
        for (PlacedFunction placed : slots.functions()) {
            placed.secondary()
                    .filter(bus -> bus.kind() == PciBus.Kind.PORT && bus.isEmpty())
                    .filter(bus -> !byRootBus.containsKey(bus.root().name()))
                    .ifPresent(bus -> ranges.add(DeviceRange.of(
                            new PciAddress(0, bus.number(), 0, 0).deviceId(),
                            new PciAddress(0, bus.number(), 31, 7).deviceId())));
        }
    }

    private void checkDisjoint(List<List<DeviceRange>> ranges) {
        TreeMap<Integer, Integer> owners = new TreeMap<>();
        for (PlannedInstance instance : instances) {
            for (DeviceRange range : ranges.get(instance.number())) {
                TreeSet<Integer> ids = new TreeSet<>();
                for (int id = range.first(); id <= range.last(); id++) {
                    ids.add(id);
                }
                if (range.alias() != DeviceRange.NONE) {
                    ids.add(range.alias());
                }
                for (int id : ids) {
                    Integer other = owners.putIfAbsent(id, instance.number());
                    if (other != null && other != instance.number()) {
                        throw overlap(
                                instance,
                                PciAddress.of(0, id) + " of "
                                        + instances.get(other).name());
                    }
                }
            }
        }
    }

    private static TopologyException overlap(PlannedInstance instance, String found) {
        return new TopologyException(
                TopologyProblem.DEVICE_SETS_OVERLAP, instance.option().text(), "devices of its own", found);
    }
}
