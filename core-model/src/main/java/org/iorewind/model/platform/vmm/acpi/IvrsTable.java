package org.iorewind.model.platform.vmm.acpi;

import java.util.List;

/**
 * What an IVRS says.
 *
 * @param revision 1, or 2 if there may be blocks 40h
 * @param info IVinfo
 * @param units the units' blocks in order
 * @param memory the blocks for memory in order
 */
public record IvrsTable(int revision, int info, List<IvrsUnit> units, List<IvrsMemory> memory) {
    /** Copies the lists. */
    public IvrsTable {
        units = List.copyOf(units);
        memory = List.copyOf(memory);
    }

    /** Bytes it takes. */
    public int bytes() {
        return IvrsDescriptor.BLOCKS
                + units.stream().mapToInt(IvrsUnit::bytes).sum()
                + memory.size() * IvrsDescriptor.MEMORY_BYTES;
    }

    /** The type of block that software goes by: the last one that the first block's unit has, as Linux does; 0 if none. */
    public int usedType() {
        int used = 0;
        for (IvrsUnit unit : units) {
            if (unit.deviceId() == units.get(0).deviceId()) {
                used = unit.type();
            }
        }
        return used;
    }

    /** The blocks that software goes by. */
    public List<IvrsUnit> usedUnits() {
        int type = usedType();
        return units.stream().filter(unit -> unit.type() == type).toList();
    }
}
