package org.iorewind.model.platform.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import org.iorewind.model.platform.CallNames;
import org.iorewind.model.platform.DriverPort;
import org.iorewind.model.platform.SystemBus;
import org.iorewind.model.platform.driver.Errno;

/**
 * What VFIO or iommufd maps for the devices of a VMM: pinned memory by device address, in one domain or several. Each call is
 * marked; so are the pages that it pins. Not thread-safe.
 */
public final class IoAddressSpace {
    /** Mappings that VFIO's first driver allows (amd-viommu reference 9.4). */
    public static final int DMA_ENTRY_LIMIT = 65_535;

    private static final long PAGE_BYTES = 4096;

    private final HostDriver host;
    private final int mostMappings;
    private final List<HostDomain> domains = new ArrayList<>();
    private final NavigableMap<Long, Mapping> mappings = new TreeMap<>(Long::compareUnsigned);

    /**
     * An address space without domains.
     *
     * @param mostMappings how many it may hold
     */
    public IoAddressSpace(HostDriver host, int mostMappings) {
        this.host = host;
        this.mostMappings = mostMappings;
    }

    /** An address space that VFIO limits. */
    public static IoAddressSpace ofVfio(HostDriver host) {
        return new IoAddressSpace(host, DMA_ENTRY_LIMIT);
    }

    /**
     * Adds a domain, which gets what is mapped.
     *
     * @return {@link Errno#OK} or why the domain cannot take it
     */
    public int add(HostDomain domain) {
        for (Map.Entry<Long, Mapping> each : mappings.entrySet()) {
            Mapping mapping = each.getValue();
            int result = host.map(domain, each.getKey(), mapping.physical, mapping.bytes, mapping.rights);
            if (result != Errno.OK) {
                return result;
            }
        }
        domains.add(domain);
        return Errno.OK;
    }

    /** Takes a domain away; what it maps is left to its end. */
    public void remove(HostDomain domain) {
        domains.remove(domain);
    }

    /** Its domains. */
    public List<HostDomain> domains() {
        return List.copyOf(domains);
    }

    /**
     * Maps memory and pins it.
     *
     * @param physical address, as the host has it
     * @param rights 1 read, 2 write
     * @return {@link Errno#OK}; {@link Errno#NO_SPACE} beyond the limit; {@link Errno#EXISTS}, {@link Errno#INVALID} or
     *     {@link Errno#RANGE} as the tables say
     */
    public int map(long iova, long physical, long bytes, int rights) {
        DriverPort port = host.port();
        port.enter(CallNames.HOST_MAP, SystemBus.NO_REQUESTER, iova, physical, bytes);
        int result = mapAndPin(iova, physical, bytes, rights);
        port.leave(CallNames.HOST_MAP, result);
        return result;
    }

    private int mapAndPin(long iova, long physical, long bytes, int rights) {
        if (bytes <= 0 || ((iova | physical | bytes) & PAGE_BYTES - 1) != 0) {
            return Errno.INVALID;
        }
        if (mappings.size() >= mostMappings) {
            return Errno.NO_SPACE;
        }
        if (isAnyMapped(iova, iova + bytes - 1)) {
            return Errno.EXISTS;
        }
        host.port().note(CallNames.PIN, SystemBus.NO_REQUESTER, iova, physical, bytes / PAGE_BYTES);
        for (int i = 0; i < domains.size(); i++) {
            int result = host.map(domains.get(i), iova, physical, bytes, rights);
            if (result != Errno.OK) {
                domains.subList(0, i).forEach(earlier -> host.unmap(earlier, iova, bytes));
                host.port().note(CallNames.UNPIN, SystemBus.NO_REQUESTER, iova, physical, bytes / PAGE_BYTES);
                return result;
            }
        }
        mappings.put(iova, new Mapping(physical, bytes, rights));
        return Errno.OK;
    }

    private boolean isAnyMapped(long first, long last) {
        Map.Entry<Long, Mapping> below = mappings.floorEntry(last);
        return below != null && Long.compareUnsigned(below.getKey() + below.getValue().bytes - 1, first) >= 0;
    }

    /**
     * Unmaps all mappings in a range.
     *
     * @return {@link Errno#OK}; {@link Errno#NO_ENTRY} if there is none; {@link Errno#INVALID} if the range cuts one
     */
    public int unmap(long iova, long bytes) {
        DriverPort port = host.port();
        port.enter(CallNames.HOST_UNMAP, SystemBus.NO_REQUESTER, iova, 0, bytes);
        int result = unmapAndUnpin(iova, bytes);
        port.leave(CallNames.HOST_UNMAP, result);
        return result;
    }

    private int unmapAndUnpin(long iova, long bytes) {
        long last = iova + bytes - 1;
        if (bytes <= 0 || !isAnyMapped(iova, last)) {
            return bytes <= 0 ? Errno.INVALID : Errno.NO_ENTRY;
        }
        Map.Entry<Long, Mapping> first = mappings.lowerEntry(iova);
        Map.Entry<Long, Mapping> end = Objects.requireNonNull(mappings.floorEntry(last));
        boolean isFirstCut = first != null && reaches(first, iova);
        if (isFirstCut || reaches(end, last + 1)) {
            return Errno.INVALID;
        }
        NavigableMap<Long, Mapping> inside = mappings.subMap(iova, true, last, true);
        long pages = inside.values().stream()
                .mapToLong(mapping -> mapping.bytes / PAGE_BYTES)
                .sum();
        inside.clear();
        int result = Errno.OK;
        for (HostDomain domain : domains) {
            int each = host.unmap(domain, iova, bytes);
            result = each == Errno.OK ? result : each;
        }
        host.port().note(CallNames.UNPIN, SystemBus.NO_REQUESTER, iova, 0, pages);
        return result;
    }

    /** Whether a mapping has this address; it begins below it. */
    private static boolean reaches(Map.Entry<Long, Mapping> entry, long address) {
        return Long.compareUnsigned(entry.getKey() + entry.getValue().bytes - 1, address) >= 0;
    }

    /** Physical address of a device address, or -1. */
    public long translate(long iova) {
        Map.Entry<Long, Mapping> entry = mappings.floorEntry(iova);
        if (entry == null || !reaches(entry, iova)) {
            return -1;
        }
        return entry.getValue().physical + iova - entry.getKey();
    }

    /** How many mappings there are. */
    public int size() {
        return mappings.size();
    }

    private record Mapping(long physical, long bytes, int rights) {}
}
