package org.iorewind.model.platform.vmm;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.iorewind.model.iommu.AccessKind;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.iommu.table.PageEntryDescriptor;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.DeviceEntryImage;
import org.iorewind.model.platform.driver.Errno;
import org.iorewind.model.platform.host.IoAddressSpace;

/**
 * The host's mappings for one passthrough device behind a software vIOMMU: a copy of the guest's v1 tables with physical
 * addresses, brought up to date when the guest invalidates (amd-viommu reference 9.4). Not thread-safe.
 *
 * <pre>
 *   guest's IOMMU off, V=0, or Mode 0 ──▶ all of the guest's memory
 *   V=1, TV=1, Mode 1 to 6            ──▶ each page of the tables
 *   anything else                     ──▶ nothing
 * </pre>
 */
public final class ShadowTable {
    private final VirtualMachine machine;
    private final IoAddressSpace space;
    private final int guestDevice;
    private final GuestTableScan scan;
    private final NavigableMap<Long, ShadowPage> pages = new TreeMap<>(Long::compareUnsigned);
    private final Map<ShadowError, Integer> errors = new EnumMap<>(ShadowError.class);
    private State state = State.BLOCKED;
    private DeviceEntryImage entry = DeviceEntryImage.OPEN;

    private enum State {
        BLOCKED,
        WHOLE,
        SHADOWED
    }

    /**
     * Nothing is mapped.
     *
     * @param space mappings of the host for the device
     */
    ShadowTable(VirtualMachine machine, IoAddressSpace space, int guestDevice) {
        this.machine = machine;
        this.space = space;
        this.guestDevice = guestDevice;
        this.scan = new GuestTableScan(machine);
    }

    /** Follows a guest whose IOMMU is off. */
    void followNone() {
        become(State.WHOLE, DeviceEntryImage.OPEN, AccessKind.RIGHTS_ALL);
    }

    /** Follows a guest whose device table does not reach as far as the device. */
    void followOutside() {
        become(State.BLOCKED, DeviceEntryImage.OPEN, 0);
    }

    /** Follows the guest's device table entry. */
    void follow(DeviceEntryImage guestEntry) {
        long q0 = guestEntry.quadword0();
        int rights = (int) (q0 >>> DeviceEntryDescriptor.RIGHTS_SHIFT) & AccessKind.RIGHTS_ALL;
        if ((q0 & DeviceEntryDescriptor.V) == 0) {
            followNone();
            return;
        }
        int mode = (int) (q0 >>> DeviceEntryDescriptor.MODE_SHIFT) & DeviceEntryDescriptor.MODE_MASK;
        boolean isClosed = (q0 & DeviceEntryDescriptor.TV) == 0 || rights == 0;
        boolean isOtherFormat = (q0 & DeviceEntryDescriptor.GV) != 0 || mode > PageEntryDescriptor.TOP_LEVEL;
        if (!isClosed && isOtherFormat) {
            count(ShadowError.FORMAT);
        }
        if (isClosed || isOtherFormat) {
            become(State.BLOCKED, guestEntry, 0);
        } else {
            become(mode == 0 ? State.WHOLE : State.SHADOWED, guestEntry, rights);
        }
    }

    /** Another address space: everything is unmapped, then everything is mapped. */
    private void become(State newState, DeviceEntryImage newEntry, int rights) {
        boolean isSame = newState == state && newEntry.quadword0() == entry.quadword0();
        entry = newEntry;
        if (isSame) {
            return;
        }
        List.copyOf(pages.values()).forEach(this::unmap);
        state = newState;
        if (state == State.WHOLE) {
            map(new ShadowPage(0, machine.bytes(), 0, rights));
        } else if (state == State.SHADOWED) {
            sync(AddressSpan.EVERYTHING);
        }
    }

    /** Whether the device translates by tables with this DomainID of the guest's. */
    boolean isOfDomain(int guestDomain) {
        return state == State.SHADOWED && entry.domain() == guestDomain;
    }

    /** Whether the device translates by tables. */
    boolean isShadowed() {
        return state == State.SHADOWED;
    }

    /** Brings what is mapped of a span up to date with the guest's tables. */
    void sync(AddressSpan span) {
        AddressSpan whole = withPagesCut(span);
        machine.bus()
                .enter(
                        machine.owner(),
                        CallNames.SHADOW_SYNC,
                        guestDevice,
                        whole.first(),
                        0,
                        whole.last() - whole.first() + 1);
        List<ShadowPage> found = scan.scan(entry, whole, IoAddressSpace.DMA_ENTRY_LIMIT);
        machine.bus().note(machine.owner(), CallNames.SOFTWARE_READ, guestDevice, whole.first(), 0, scan.reads());
        if (scan.isCut()) {
            count(ShadowError.TABLES_TOO_LARGE);
        }
        NavigableMap<Long, ShadowPage> wanted = new TreeMap<>(Long::compareUnsigned);
        found.forEach(page -> wanted.put(page.iova(), page));
        for (ShadowPage page : inside(whole)) {
            if (!page.equals(wanted.get(page.iova()))) {
                unmap(page);
            }
        }
        for (ShadowPage page : found) {
            if (!page.equals(pages.get(page.iova()))) {
                inside(new AddressSpan(page.iova(), page.last())).forEach(this::unmap);
                map(page);
            }
        }
        machine.bus().leave(machine.owner(), CallNames.SHADOW_SYNC, Errno.OK);
    }

    /** A page that the span cuts belongs to it whole. */
    private AddressSpan withPagesCut(AddressSpan span) {
        AddressSpan result = span;
        for (ShadowPage page : inside(span)) {
            result = result.and(new AddressSpan(page.iova(), page.last()));
        }
        return result;
    }

    private List<ShadowPage> inside(AddressSpan span) {
        Map.Entry<Long, ShadowPage> before = pages.lowerEntry(span.first());
        boolean isCut = before != null && Long.compareUnsigned(before.getValue().last(), span.first()) >= 0;
        long first = isCut ? before.getKey() : span.first();
        return List.copyOf(pages.subMap(first, true, span.last(), true).values());
    }

    private void map(ShadowPage page) {
        if (!machine.holds(page.target(), page.bytes())) {
            count(ShadowError.OUTSIDE_MEMORY);
            return;
        }
        int result = space.map(page.iova(), machine.ownerBase() + page.target(), page.bytes(), page.rights());
        switch (result) {
            case Errno.OK -> pages.put(page.iova(), page);
            case Errno.NO_SPACE -> count(ShadowError.DMA_ENTRY_LIMIT);
            default -> count(ShadowError.OUT_OF_REACH);
        }
    }

    private void unmap(ShadowPage page) {
        space.unmap(page.iova(), page.bytes());
        pages.remove(page.iova());
    }

    private void count(ShadowError error) {
        errors.merge(error, 1, Integer::sum);
    }

    /** How often this could not be done. */
    public int errors(ShadowError kind) {
        return errors.getOrDefault(kind, 0);
    }

    /** Mappings that the host has for the device. */
    public int size() {
        return pages.size();
    }

    /** The host's mappings. */
    public IoAddressSpace space() {
        return space;
    }
}
