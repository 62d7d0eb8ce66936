package org.iorewind.analyze.protocol;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.iorewind.analyze.rule.Evidence;
import org.iorewind.analyze.rule.Findings;
import org.iorewind.analyze.rule.Findings.Words;
import org.iorewind.analyze.rule.Rule;
import org.iorewind.analyze.rule.Where;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;
import org.iorewind.model.iommu.virtual.GuestControlDescriptor;
import org.iorewind.model.iommu.virtual.MapDescriptor;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

/** ID maps of guests of a hardware vIOMMU: nobody's IDs are another's (amd-viommu reference 14.3). Not thread-safe. */
final class GuestRules {
    /** A guest's ID. */
    record GuestId(int guest, int id) {}

    private record Mapped(int host, long sequence) {}

    /** A driver maps all of a guest's IDs to this one before it maps any to a real one. */
    private static final int NOBODY = 0;

    private final int iommu;
    private final Moment now;
    private final Findings findings;
    private final Map<GuestId, Mapped> devices = new HashMap<>();
    private final Map<GuestId, Mapped> domains = new HashMap<>();
    private final Map<Integer, GuestId> deviceOwners = new LinkedHashMap<>();
    private final Map<Integer, GuestId> domainOwners = new LinkedHashMap<>();

    GuestRules(int iommu, Moment now, Findings findings) {
        this.iommu = iommu;
        this.now = now;
        this.findings = findings;
    }

    /** A register of a guest's control slot is written. */
    void controlWritten(int offset, int size, long value) {
        if (size != Long.BYTES || (value & MapDescriptor.COMMIT) == 0) {
            return;
        }
        int register = offset & GuestControlDescriptor.BYTES - 1;
        GuestId id = new GuestId(offset >>> GuestControlDescriptor.SHIFT, MapDescriptor.guestId(value));
        long entry = MapDescriptor.entry(value);
        int host = MapDescriptor.isValid(entry) ? MapDescriptor.hostId(entry) : NOBODY;
        if (register == GuestControlDescriptor.DEVICE_MAP) {
            map(devices, deviceOwners, id, host, ProtocolRules.DEVICE_MAP_SHARED, "Device");
        } else if (register == GuestControlDescriptor.DOMAIN_MAP) {
            map(domains, domainOwners, id, host, ProtocolRules.DOMAIN_MAP_SHARED, "Domain");
        }
    }

    private void map(
            Map<GuestId, Mapped> map, Map<Integer, GuestId> owners, GuestId id, int host, Rule rule, String what) {
        @Nullable Mapped before = host == NOBODY ? map.remove(id) : map.put(id, new Mapped(host, now.sequence()));
        if (before != null && id.equals(owners.get(before.host()))) {
            owners.remove(before.host());
        }
        if (host == NOBODY) {
            return;
        }
        @Nullable GuestId owner = owners.put(host, id);
        // Drivers map all of a guest's IDs to one of the host first, and the real ones later.
        if (owner != null && owner.guest() != id.guest()) {
            @Nullable Mapped first = map.get(owner);
            long since = first == null ? now.sequence() : first.sequence();
            findings.report(
                    rule,
                    what.equals("Device") ? Where.device(iommu, host) : Where.domain(iommu, host),
                    now.sequence(),
                    now.timeNs(),
                    () -> new Words(
                            what + " " + name(what, host) + " of the host is " + name(what, owner.id()) + " of guest "
                                    + owner.guest() + " and was mapped as " + name(what, id.id()) + " of guest "
                                    + id.guest() + " too.",
                            List.of(
                                    new Evidence(since, "first mapped"),
                                    new Evidence(now.sequence(), "mapped again"))));
        }
    }

    private static String name(String what, int id) {
        return what.equals("Device") ? EventTable.bdf(id) : Notation.hex(id);
    }

    /** The host's DomainID of a guest's, -1 if it has none. */
    int hostDomain(int guest, int domain) {
        @Nullable Mapped mapped = domains.get(new GuestId(guest, domain));
        return mapped == null ? -1 : mapped.host();
    }

    /** The host's DeviceID of a guest's, -1 if it has none. */
    int hostDevice(int guest, int device) {
        @Nullable Mapped mapped = devices.get(new GuestId(guest, device));
        return mapped == null ? -1 : mapped.host();
    }

    /** The IOMMU read a device table entry that names a guest. */
    void consulted(int device, long[] entry) {
        if ((entry[3] & DeviceEntryDescriptor.VIRTUAL) == 0 || (entry[0] & DeviceEntryDescriptor.V) == 0) {
            return;
        }
        int guest = (int) (entry[3] >>> DeviceEntryDescriptor.GUEST_SHIFT) & 0xFFFF;
        int known = (int) (entry[3] >>> DeviceEntryDescriptor.GUEST_DEVICE_SHIFT) & 0xFFFF;
        int mapped = hostDevice(guest, known);
        if (mapped != device) {
            String is = mapped < 0 ? "nothing" : EventTable.bdf(mapped);
            findings.report(
                    ProtocolRules.DEVICE_MAP_MISMATCH,
                    Where.device(iommu, device),
                    now.sequence(),
                    now.timeNs(),
                    () -> new Words(
                            "The entry of " + EventTable.bdf(device) + " names guest " + guest + " and there "
                                    + EventTable.bdf(known) + "; that guest's map leads " + EventTable.bdf(known)
                                    + " to "
                                    + is + ".",
                            List.of(new Evidence(now.sequence(), "the IOMMU read the entry"))));
        }
    }
}
