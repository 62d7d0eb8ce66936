package org.iorewind.model.platform.vmm.topology;

import static org.iorewind.model.platform.vmm.topology.TopologyProblem.SLOT;
import static org.iorewind.model.platform.vmm.topology.TopologyProblem.WRONG_BUS;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.iorewind.model.platform.vmm.topology.VirtualDevice.Kind;

/**
 * Puts functions on buses as QEMU does on a q35: {@code addr=}, or else the lowest device number whose function 0 is free;
 * without {@code bus=}, on the newest root bus. Where QEMU lets a guest be built that cannot see a device, this plan refuses
 * (MC-V70): a device below a port in another slot than 0, and a function above 0 without a function 0. Not thread-safe.
 */
final class SlotPlan {
    private static final String ROOT = "pcie.0";
    private static final int LAST_BUS = 0xFF;
    private static final int HEXADECIMAL = 16;
    private static final Pattern SLOT_TEXT = Pattern.compile("(?:0x)?(0*[01]?[0-9a-fA-F])(?:\\.0*([0-7]))?");

    private static final int CHIPSET_SLOT = 0x1F;

    private final Map<String, PciBus> buses = new LinkedHashMap<>();
    private final List<PlacedFunction> functions = new ArrayList<>();
    private final PciBus root = new PciBus(ROOT, PciBus.Kind.ROOT, null, 0);
    private PciBus newestRoot = root;

    /** A machine with its chipset and what it adds without being asked. */
    SlotPlan(boolean hasDisplay, boolean hasNetwork) {
        buses.put(ROOT, root);
        chipset("mch", 0, 0);
        chipset("ich9-lpc", CHIPSET_SLOT, 0);
        chipset("ich9-ahci", CHIPSET_SLOT, 2);
        chipset("ich9-smb", CHIPSET_SLOT, 3);
        if (hasDisplay) {
            place(DeviceOption.parse("VGA"), "VGA", Kind.EMULATED, root);
        }
        if (hasNetwork) {
            place(DeviceOption.parse("e1000e"), "e1000e", Kind.EMULATED, root);
        }
    }

    private void chipset(String driver, int device, int function) {
        keep(new PlacedFunction(
                DeviceOption.parse(driver),
                driver,
                Kind.CHIPSET,
                root,
                device,
                function,
                device != 0,
                Optional.empty()));
    }

    /** All functions in the order they were placed. */
    List<PlacedFunction> functions() {
        return functions;
    }

    /** A bus by its name. */
    Optional<PciBus> bus(String name) {
        return Optional.ofNullable(buses.get(name));
    }

    /** Places the device of an option. */
    PlacedFunction place(DeviceOption option, Kind kind) {
        return place(option, option.driver(), kind, busOf(option));
    }

    /** Places the function that an instance brings along, on the machine's own root bus (MC-V71). */
    PlacedFunction placeInstanceFunction(DeviceOption option) {
        return place(option, "AMDVI-PCI", Kind.IOMMU, root);
    }

    private PciBus busOf(DeviceOption option) {
        boolean isExpander = option.driver().equals(PciDrivers.EXPANDER);
        return option.value("bus")
                .map(name -> bus(name)
                        .orElseThrow(() -> new TopologyException(
                                TopologyProblem.UNKNOWN_BUS,
                                option.text(),
                                "one of " + String.join(", ", buses.keySet()),
                                name)))
                .orElse(isExpander ? root : newestRoot);
    }

    private PlacedFunction place(DeviceOption option, String driver, Kind kind, PciBus bus) {
        checkBus(option, driver, bus);
        boolean isMultifunction = option.flag("multifunction").orElse(false);
        // An instance's own options say nothing of its function's place.
        Optional<String> addr = driver.equals(option.driver()) ? option.value("addr") : Optional.empty();
        int device;
        int function = 0;
        if (addr.isPresent()) {
            Matcher matcher = SLOT_TEXT.matcher(addr.get());
            if (!matcher.matches()) {
                throw option.badValue("addr", "a slot 0 to 1f and, after a dot, a function 0 to 7", addr.get());
            }
            device = Integer.parseInt(matcher.group(1), HEXADECIMAL);
            function = matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2));
        } else {
            device = firstFree(option, bus);
        }
        checkSlot(option, bus, device, function, isMultifunction);
        Optional<PciBus> secondary = secondaryOf(option, driver, bus);
        return keep(new PlacedFunction(option, driver, kind, bus, device, function, isMultifunction, secondary));
    }

    private PlacedFunction keep(PlacedFunction placed) {
        placed.bus().put(placed);
        functions.add(placed);
        placed.secondary().ifPresent(bus -> buses.put(bus.name(), bus));
        return placed;
    }

    private Optional<PciBus> secondaryOf(DeviceOption option, String driver, PciBus bus) {
        if (!PciDrivers.isBridge(driver)) {
            return Optional.empty();
        }
        // Without an id no option can name the bus. (QEMU calls it pcie.0 below a port, as it does the root bus.)
        String name = option.value("id")
                .orElse("below " + bus.name() + " " + bus.functions().size());
        if (driver.equals(PciDrivers.EXPANDER)) {
            option.needed("id");
            int number = option.number("bus_nr", LAST_BUS).orElse(0);
            if (number == 0) {
                throw option.badValue(
                        "bus_nr",
                        "a bus number from 1 to 255",
                        option.value("bus_nr").orElse("0"));
            }
            newestRoot = new PciBus(name, PciBus.Kind.EXPANDER, null, number);
            return Optional.of(newestRoot);
        }
        PciBus.Kind kind = driver.equals(PciDrivers.SWITCH)
                ? PciBus.Kind.SWITCH
                : driver.equals(PciDrivers.CONVENTIONAL_BRIDGE) ? PciBus.Kind.CONVENTIONAL : PciBus.Kind.PORT;
        return Optional.of(new PciBus(name, kind, bus, 0));
    }

    private static void checkBus(DeviceOption option, String driver, PciBus bus) {
        boolean isSwitchPort = driver.equals(PciDrivers.SWITCH_PORT);
        boolean isRootPort = PciDrivers.PORTS.contains(driver) && !isSwitchPort;
        boolean isFit = switch (bus.kind()) {
            case ROOT -> !isSwitchPort && !driver.equals(PciDrivers.SWITCH);
            case EXPANDER -> isRootPort || driver.equals(PciDrivers.CONVENTIONAL_BRIDGE);
            case PORT -> !isRootPort && !isSwitchPort && !driver.equals(PciDrivers.EXPANDER);
            case SWITCH -> isSwitchPort;
            case CONVENTIONAL -> !PciDrivers.isBridge(driver);
        };
        if (!isFit) {
            String expected = "something that can stand on " + bus.name() + ", a bus of the kind "
                    + bus.kind().name().toLowerCase(Locale.ROOT);
            throw new TopologyException(WRONG_BUS, option.text(), expected, driver);
        }
    }

    private static int firstFree(DeviceOption option, PciBus bus) {
        int slots = bus.kind() == PciBus.Kind.PORT ? 1 : PciAddress.DEVICES;
        for (int device = 0; device < slots; device++) {
            if (bus.at(device, 0).isEmpty()) {
                return device;
            }
        }
        throw new TopologyException(SLOT, option.text(), "a free slot on " + bus.name(), "none of " + slots);
    }

    private static void checkSlot(DeviceOption option, PciBus bus, int device, int function, boolean isMultifunction) {
        if (bus.kind() == PciBus.Kind.PORT && device != 0) {
            throw new TopologyException(
                    SLOT, option.text(), "slot 0 below port " + bus.name(), "slot " + Integer.toHexString(device));
        }
        bus.at(device, function).ifPresent(other -> {
            throw new TopologyException(
                    SLOT, option.text(), "a free place", other.place() + " taken by " + other.driver());
        });
        for (int i = 0; i < PciAddress.FUNCTIONS; i++) {
            Optional<PlacedFunction> other = bus.at(device, i);
            boolean needsMultifunction = i == 0 || function == 0;
            boolean isAllowed =
                    i == 0 ? other.map(PlacedFunction::isMultifunction).orElse(true) : isMultifunction;
            if (other.isPresent() && needsMultifunction && !isAllowed) {
                throw new TopologyException(
                        SLOT,
                        option.text(),
                        "multifunction=on of function 0",
                        other.get().place() + " beside it");
            }
        }
    }

    /** Gives every bus its number, and checks that the guest can find every function. */
    void finish() {
        int last = root.numberBusesBelow();
        List<PlacedFunction> expanders = functions.stream()
                .filter(placed -> placed.driver().equals(PciDrivers.EXPANDER))
                .sorted((a, b) -> Integer.compare(numberBelow(a), numberBelow(b)))
                .toList();
        for (PlacedFunction expander : expanders) {
            PciBus bus = expander.secondary().orElseThrow();
            if (bus.number() <= last) {
                throw new TopologyException(
                        TopologyProblem.BUS_NUMBERS,
                        expander.option().text(),
                        "bus_nr= above " + last + ", the last bus before it",
                        String.valueOf(bus.number()));
            }
            last = bus.numberBusesBelow();
        }
        if (last > LAST_BUS) {
            throw new TopologyException(
                    TopologyProblem.BUS_NUMBERS,
                    expanders.isEmpty()
                            ? ROOT
                            : expanders.get(expanders.size() - 1).option().text(),
                    "buses up to 255",
                    String.valueOf(last));
        }
        for (PlacedFunction placed : functions) {
            if (placed.bus().at(placed.device(), 0).isEmpty()) {
                throw new TopologyException(
                        SLOT, placed.option().text(), "a function 0 beside it", "only " + placed.place());
            }
        }
    }

    private static int numberBelow(PlacedFunction bridge) {
        return bridge.secondary().orElseThrow().number();
    }
}
