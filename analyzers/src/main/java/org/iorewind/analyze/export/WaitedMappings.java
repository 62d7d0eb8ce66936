package org.iorewind.analyze.export;

import java.util.LinkedHashMap;
import java.util.Map;
import org.iorewind.analyze.protocol.UnmapFollower.Mapping;
import org.jspecify.annotations.Nullable;

/** Mappings that are gone for good, until their address is mapped again: the flow of each. Bounded: the oldest goes. */
final class WaitedMappings {
    private static final int MOST = 1 << 16;

    private record Place(int iommu, int domain, long address) {}

    private final Map<Place, Long> flows = new LinkedHashMap<>();

    void put(long flow, Mapping mapping) {
        if (flows.size() >= MOST) {
            flows.remove(flows.keySet().iterator().next());
        }
        flows.put(place(mapping), flow);
    }

    /** The flow of an address, which it loses; 0 if it has none. */
    long take(Mapping mapping) {
        @Nullable Long flow = flows.remove(place(mapping));
        return flow == null ? 0 : flow;
    }

    private static Place place(Mapping mapping) {
        return new Place(mapping.iommu(), mapping.domain(), mapping.address());
    }
}
