package org.iorewind.model.platform.vmm.acpi;

import static org.iorewind.model.platform.vmm.acpi.IvrsFindings.hex;

import java.util.BitSet;

/** Which DeviceIDs the entries of a unit name, and what is wrong with its ranges. Stateless. */
final class DeviceSets {
    private static final int DEVICE_IDS = 0x1_0000;
    private static final int NONE = -1;

    private DeviceSets() {}

    /** The DeviceIDs that a unit's entries put behind it, aliases included. */
    static BitSet of(IvrsUnit unit, String where, IvrsFindings findings) {
        BitSet ids = new BitSet(DEVICE_IDS);
        int start = NONE;
        for (IvrsEntry entry : unit.entries()) {
            switch (entry.type()) {
                case IvrsDescriptor.ALL -> ids.set(0, DEVICE_IDS);
                case IvrsDescriptor.SELECT, IvrsDescriptor.EXTENDED, IvrsDescriptor.ACPI_DEVICE ->
                    ids.set(entry.deviceId());
                case IvrsDescriptor.ALIAS -> {
                    ids.set(entry.deviceId());
                    ids.set(entry.otherId());
                }
                case IvrsDescriptor.RANGE_START, IvrsDescriptor.EXTENDED_START, IvrsDescriptor.ALIAS_START -> {
                    open(start, where, findings);
                    start = entry.deviceId();
                    if (entry.type() == IvrsDescriptor.ALIAS_START) {
                        ids.set(entry.otherId());
                    }
                }
                case IvrsDescriptor.RANGE_END -> {
                    close(ids, start, entry.deviceId(), where, findings);
                    start = NONE;
                }
                default -> {
                    // Special entries name no PCI function.
                }
            }
        }
        open(start, where, findings);
        return ids;
    }

    private static void open(int start, String where, IvrsFindings findings) {
        if (start != NONE) {
            findings.add(IvrsProblem.RANGE_OPEN, where, "an end of the range", "a range from " + hex(start));
        }
    }

    private static void close(BitSet ids, int start, int last, String where, IvrsFindings findings) {
        if (start == NONE) {
            findings.add(IvrsProblem.RANGE_NOT_BEGUN, where, "a start of the range", "an end at " + hex(last));
        } else if (last < start) {
            findings.add(IvrsProblem.RANGE_REVERSED, where, "an end from " + hex(start), hex(last));
        } else {
            ids.set(start, last + 1);
        }
    }
}
