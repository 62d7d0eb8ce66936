package org.iorewind.model.platform.vmm.topology;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The physical IOMMUs of the host and the buses behind each, as the host's own IVRS tells.
 *
 * @param units the IOMMUs in the order of their numbers
 */
public record HostPlatform(List<Unit> units) {

    /**
     * A physical IOMMU.
     *
     * @param function its PCI function
     * @param firstBus first bus behind it, of its own segment
     * @param lastBus last bus behind it
     */
    public record Unit(PciAddress function, int firstBus, int lastBus) {
        private boolean covers(PciAddress device) {
            return device.segment() == function.segment() && device.bus() >= firstBus && device.bus() <= lastBus;
        }
    }

    /** Copies the list. */
    public HostPlatform {
        units = List.copyOf(units);
    }

    /** A host with one IOMMU at 0000:00:00.2 in front of every bus. */
    public static HostPlatform single() {
        return new HostPlatform(List.of(new Unit(new PciAddress(0, 0, 0, 2), 0, 0xFF)));
    }

    /** A host with an IOMMU as function 2 of device 0 on each of these buses, in front of the buses up to the next one. */
    public static HostPlatform withIommusOnBuses(int... buses) {
        List<Unit> units = new ArrayList<>();
        for (int i = 0; i < buses.length; i++) {
            int last = i + 1 < buses.length ? buses[i + 1] - 1 : 0xFF;
            units.add(new Unit(new PciAddress(0, buses[i], 0, 2), buses[i], last));
        }
        return new HostPlatform(units);
    }

    /** Whether one of the IOMMUs has this function. */
    public boolean hasUnit(PciAddress function) {
        return units.stream().anyMatch(unit -> unit.function().equals(function));
    }

    /** The IOMMU in front of a device. */
    public Optional<Unit> unitOf(PciAddress device) {
        return units.stream().filter(unit -> unit.covers(device)).findFirst();
    }
}
