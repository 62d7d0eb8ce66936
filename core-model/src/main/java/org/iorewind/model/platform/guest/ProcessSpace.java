package org.iorewind.model.platform.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.platform.driver.GuestPageTable;

/**
 * The address space of a process that devices share by a PASID: its page table, and the areas whose pages come when somebody
 * asks. Not thread-safe.
 */
public final class ProcessSpace {
    /** An area of memory that the process has reserved. */
    private record Area(long last, int rights) {}

    private final int pasid;
    private final GuestPageTable table;
    private final NavigableMap<Long, Area> areas = new TreeMap<>();
    private final NavigableMap<Long, Long> populated = new TreeMap<>();
    private final List<AttachedDevice> devices = new ArrayList<>();

    ProcessSpace(int pasid, GuestPageTable table) {
        this.pasid = pasid;
        this.table = table;
    }

    /** Its PASID, the same for all devices. */
    public int pasid() {
        return pasid;
    }

    /** Its page table. */
    public GuestPageTable table() {
        return table;
    }

    List<AttachedDevice> devices() {
        return devices;
    }

    /** Pages that came on demand: guest virtual to guest physical address. */
    NavigableMap<Long, Long> populated() {
        return populated;
    }

    void reserve(long address, long bytes, int rights) {
        areas.put(address, new Area(address + bytes - 1, rights));
    }

    /** Rights of the area of an address: 1 read, 2 write; 0 outside of all areas. */
    int rightsAt(long address) {
        Map.Entry<Long, Area> area = areas.floorEntry(address);
        return area != null && address <= area.getValue().last()
                ? area.getValue().rights() & AccessKind.RIGHTS_ALL
                : 0;
    }
}
