package org.iorewind.model.platform.vmm.acpi;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.iorewind.model.iommu.register.CapabilityDescriptor;
import org.iorewind.model.platform.vmm.topology.DeviceRange;
import org.iorewind.model.platform.vmm.topology.Topology;
import org.iorewind.model.platform.vmm.topology.VirtualInstance;

/**
 * What a VMM says in the IVRS of its guest: a block for each instance and each type asked for, with the devices that the
 * topology puts behind it (amd-viommu reference 10.3). Immutable.
 *
 * <p>IOAPIC and HPET belong to one instance that remaps interrupts, the software one if it does; their interrupts carry the
 * DeviceID of the southbridge (MC-V73).
 */
public final class IvrsPlan {
    private static final int PHYSICAL_BITS = 40;

    private final Topology topology;
    private final List<Features> features;
    private final List<Integer> types;
    private final List<IvrsMemory> memory;

    /**
     * What an instance's feature registers read.
     *
     * @param efr EFR
     * @param efr2 EFR2
     */
    public record Features(long efr, long efr2) {}

    private IvrsPlan(Topology topology, List<Features> features, List<Integer> types, List<IvrsMemory> memory) {
        this.topology = topology;
        this.features = List.copyOf(features);
        this.types = List.copyOf(types);
        this.memory = List.copyOf(memory);
    }

    /**
     * Blocks of the types 10h and 11h.
     *
     * @param features of each instance in the order of their numbers
     */
    public static IvrsPlan of(Topology topology, List<Features> features) {
        if (features.size() != topology.instances().size()) {
            throw new IllegalArgumentException("expected features of instances="
                    + topology.instances().size() + ", found features=" + features.size());
        }
        return new IvrsPlan(topology, features, List.of(IvrsDescriptor.UNIT_10, IvrsDescriptor.UNIT_11), List.of());
    }

    /** The same with blocks of these types, in rising order. */
    public IvrsPlan withTypes(Integer... values) {
        return new IvrsPlan(topology, features, List.of(values), memory);
    }

    /** The same with blocks for memory. */
    public IvrsPlan withMemory(IvrsMemory... values) {
        return new IvrsPlan(topology, features, types, List.of(values));
    }

    /** The table. */
    public IvrsTable table() {
        Optional<VirtualInstance> interrupts = interruptInstance();
        List<IvrsUnit> units = new ArrayList<>();
        for (int type : types) {
            for (VirtualInstance instance : topology.instances()) {
                units.add(
                        unit(type, instance, interrupts.filter(instance::equals).isPresent()));
            }
        }
        boolean isMixed = types.contains(IvrsDescriptor.UNIT_40);
        boolean hasImages = isMixed || types.contains(IvrsDescriptor.UNIT_11);
        int info = PHYSICAL_BITS << IvrsDescriptor.INFO_PHYSICAL_SHIFT | (hasImages ? IvrsDescriptor.INFO_EFR : 0);
        return new IvrsTable(isMixed ? IvrsDescriptor.MIXED : IvrsDescriptor.FIXED, info, units, memory);
    }

    private Optional<VirtualInstance> interruptInstance() {
        return topology.software()
                .filter(VirtualInstance::isRemappingInterrupts)
                .or(() -> topology.instances().stream()
                        .filter(VirtualInstance::isRemappingInterrupts)
                        .findFirst());
    }

    private IvrsUnit unit(int type, VirtualInstance instance, boolean hasInterrupts) {
        Features values = features.get(instance.number());
        boolean isPlain = type == IvrsDescriptor.UNIT_10;
        return new IvrsUnit(
                type,
                IvrsDescriptor.flags(type, values.efr()),
                instance.function().deviceId(),
                CapabilityDescriptor.HEADER,
                instance.mmioBase(),
                instance.function().segment(),
                0,
                isPlain ? IvrsDescriptor.report(values.efr()) : 0,
                isPlain ? 0 : values.efr(),
                isPlain ? 0 : values.efr2(),
                entries(instance, hasInterrupts));
    }

    private List<IvrsEntry> entries(VirtualInstance instance, boolean hasInterrupts) {
        List<IvrsEntry> entries = new ArrayList<>();
        for (DeviceRange range : topology.rangesOf(instance)) {
            if (range.alias() != DeviceRange.NONE) {
                entries.add(IvrsEntry.alias(range.first(), range.alias(), 0));
            } else if (range.first() == range.last()) {
                entries.add(IvrsEntry.select(range.first(), 0));
            } else {
                entries.add(IvrsEntry.rangeStart(range.first(), 0));
                entries.add(IvrsEntry.rangeEnd(range.last()));
            }
        }
        if (hasInterrupts) {
            entries.add(IvrsEntry.special(IvrsDescriptor.IOAPIC, 0, IvrsDescriptor.SOUTHBRIDGE, 0));
            entries.add(IvrsEntry.special(IvrsDescriptor.HPET, 0, IvrsDescriptor.SOUTHBRIDGE, 0));
        }
        return entries;
    }
}
