package org.iorewind.cli.debug.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.virtual.GuestPageDescriptor;
import org.iorewind.trace.schema.EventTable;

/** Guests of hardware vIOMMU: registers of their VF pages, and the devices that were given to them. */
public final class GuestTree {
    private static final int GUESTS = 1 << 16;
    private static final Map<String, Integer> REGISTERS = registers();

    private GuestTree() {}

    private static Map<String, Integer> registers() {
        Map<String, Integer> offsets = new LinkedHashMap<>();
        offsets.put("cmdHead", GuestPageDescriptor.HEAD);
        offsets.put("cmdTail", GuestPageDescriptor.TAIL);
        offsets.put("eventHead", GuestPageDescriptor.offset(RegisterDescriptor.EVENT_HEAD));
        offsets.put("eventTail", GuestPageDescriptor.offset(RegisterDescriptor.EVENT_TAIL));
        offsets.put("pprHead", GuestPageDescriptor.offset(RegisterDescriptor.PPR_HEAD));
        offsets.put("pprTail", GuestPageDescriptor.offset(RegisterDescriptor.PPR_TAIL));
        offsets.put("status", GuestPageDescriptor.STATUS);
        return offsets;
    }

    /** The guests that have a device or a register that is not 0, by GuestID. */
    public static List<Map<String, Object>> of(Iommu iommu) {
        Map<Integer, List<String>> devices = new TreeMap<>();
        for (int requester : DeviceTree.requesters(iommu)) {
            DeviceEntry entry = iommu.deviceEntry(requester);
            if (entry != null && entry.isVirtual()) {
                devices.computeIfAbsent(entry.guest(), guest -> new ArrayList<>())
                        .add(EventTable.bdf(requester) + " as " + EventTable.bdf(entry.guestDevice()));
            }
        }
        for (int guest = 0; guest < GUESTS; guest++) {
            for (int offset : REGISTERS.values()) {
                if (iommu.guestRegister(guest, offset) != 0) {
                    devices.computeIfAbsent(guest, number -> new ArrayList<>());
                }
            }
        }
        List<Map<String, Object>> guests = new ArrayList<>();
        devices.forEach((guest, members) -> {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("guest", guest);
            REGISTERS.forEach((name, offset) -> tree.put(name, Notation.hex(iommu.guestRegister(guest, offset))));
            tree.put("devices", members);
            guests.add(tree);
        });
        return guests;
    }
}
