package org.iorewind.model.platform.host;

import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.iorewind.model.platform.driver.AddressSpan;
import org.iorewind.model.platform.driver.Command;
import org.iorewind.model.platform.driver.CommandQueue;
import org.iorewind.model.platform.driver.DomainIds;
import org.iorewind.model.platform.driver.Errno;

/**
 * DomainIDs of one guest, each with one of the host's that nobody else has, as long as a device uses it (amd-viommu reference
 * 4.3). Not thread-safe.
 */
final class GuestDomains {
    private final DomainIds hostIds;
    private final CommandQueue commands;
    private final HostDomain parent;
    private final GuestMaps maps;
    private final Map<Integer, Use> uses = new TreeMap<>();

    /** No DomainID is in use. */
    GuestDomains(DomainIds hostIds, CommandQueue commands, HostDomain parent, GuestMaps maps) {
        this.hostIds = hostIds;
        this.commands = commands;
        this.parent = parent;
        this.maps = maps;
    }

    /**
     * One device more uses a DomainID.
     *
     * @return the host's DomainID, or {@link Errno#NO_SPACE}
     */
    int acquire(int guestDomain) {
        Use use = uses.get(guestDomain);
        if (use == null) {
            int id = hostIds.allocate();
            if (id == DomainIds.NONE) {
                return Errno.NO_SPACE;
            }
            use = new Use(id);
            uses.put(guestDomain, use);
            parent.addNested(id);
            maps.setDomain(guestDomain, id);
        }
        use.devices++;
        return use.hostDomain;
    }

    /** One device less uses a DomainID; the last one ends it. */
    void release(int guestDomain) {
        Use use = Objects.requireNonNull(uses.get(guestDomain));
        use.devices--;
        if (use.devices > 0) {
            return;
        }
        uses.remove(guestDomain);
        maps.clearDomain(guestDomain);
        commands.push(Command.invalidatePages(use.hostDomain, AddressSpan.EVERYTHING, true));
        commands.complete();
        parent.removeNested(use.hostDomain);
        hostIds.free(use.hostDomain);
    }

    /** The host's DomainID for a guest's, or {@link Errno#NO_ENTRY}. */
    int hostDomain(int guestDomain) {
        Use use = uses.get(guestDomain);
        return use == null ? Errno.NO_ENTRY : use.hostDomain;
    }

    /** The guest's DomainID for a host's, or {@link Errno#NO_ENTRY}. */
    int guestDomain(int hostDomain) {
        for (Map.Entry<Integer, Use> each : uses.entrySet()) {
            if (each.getValue().hostDomain == hostDomain) {
                return each.getKey();
            }
        }
        return Errno.NO_ENTRY;
    }

    private static final class Use {
        private final int hostDomain;
        private int devices;

        private Use(int hostDomain) {
            this.hostDomain = hostDomain;
        }
    }
}
