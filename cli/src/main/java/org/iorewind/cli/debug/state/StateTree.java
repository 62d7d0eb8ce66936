package org.iorewind.cli.debug.state;

import java.util.LinkedHashMap;
import java.util.Map;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.replay.Machine;
import org.iorewind.replay.Playback;

/** The whole state at one moment, memory left out. */
public final class StateTree {
    private static final int MOST_IOMMUS = 256;

    private StateTree() {}

    /** Counts, and every IOMMU. */
    public static Map<String, Object> of(Playback playback) {
        Machine machine = playback.machine();
        Map<String, Object> tree = new LinkedHashMap<>();
        Map<String, Object> counts = new LinkedHashMap<>();
        counts.put("events", playback.events());
        counts.put("faults", playback.faults());
        counts.put("divergences", playback.divergences());
        tree.put("counts", counts);
        for (int number = 0; number < MOST_IOMMUS; number++) {
            if (machine.hasIommu(number)) {
                tree.put("iommu" + number, iommu(machine, number));
            }
        }
        return tree;
    }

    private static Map<String, Object> iommu(Machine machine, int number) {
        Iommu iommu = machine.iommu(number);
        RingTree rings = new RingTree(machine, number);
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("registers", RegisterTree.of(iommu));
        tree.put("devices", DeviceTree.devices(iommu));
        tree.put("iotlb", CacheTree.of(iommu));
        tree.put("ring", rings.commands());
        tree.put("eventLog", rings.eventLog());
        tree.put("pprLog", rings.pprLog());
        tree.put("guests", GuestTree.of(iommu));
        return tree;
    }
}
