package org.iorewind.model.platform.vmm.acpi;

import java.util.List;

/**
 * A unit's block. One unit usually has one of each type.
 *
 * @param type 10h, 11h or 40h
 * @param flags see {@link IvrsDescriptor#flags}
 * @param deviceId of its PCI function
 * @param capability place of its capability block in configuration space
 * @param mmioBase guest physical address of its registers
 * @param segment PCI segment
 * @param info 12:8 UnitID, 4:0 number of its event message
 * @param features feature report of 10h, attributes of 11h and 40h
 * @param efr image of EFR; 0 in 10h
 * @param efr2 image of EFR2; 0 in 10h
 * @param entries the devices behind it
 */
public record IvrsUnit(
        int type,
        int flags,
        int deviceId,
        int capability,
        long mmioBase,
        int segment,
        int info,
        int features,
        long efr,
        long efr2,
        List<IvrsEntry> entries) {

    /** Copies the list. */
    public IvrsUnit {
        entries = List.copyOf(entries);
    }

    /** Bytes it takes with its entries. */
    public int bytes() {
        return IvrsDescriptor.unitBytes(type)
                + entries.stream().mapToInt(IvrsEntry::bytes).sum();
    }
}
