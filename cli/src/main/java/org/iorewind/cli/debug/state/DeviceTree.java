package org.iorewind.cli.debug.state;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.iorewind.analyze.text.Notation;
import org.iorewind.model.iommu.Iommu;
import org.iorewind.model.iommu.cache.CachedTranslation;
import org.iorewind.model.iommu.register.RegisterDescriptor;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.trace.schema.EventTable;
import org.jspecify.annotations.Nullable;

/** Device table entries (reference 2.2) as they stand in memory, and the domains that they make. */
public final class DeviceTree {
    private static final int DEVICES = 1 << 16;
    private static final int QUADWORDS = 4;
    /** V and TV. */
    private static final long VALID_BITS = 3;

    private static final int READ = 1;
    private static final int WRITE = 2;

    private DeviceTree() {}

    /** The devices whose entry says more than that all is refused, by DeviceID. */
    public static List<Map<String, Object>> devices(Iommu iommu) {
        List<Map<String, Object>> devices = new ArrayList<>();
        for (int requester = 0; requester < end(iommu); requester++) {
            DeviceEntry entry = said(iommu, requester);
            if (entry != null) {
                devices.add(device(requester, entry));
            }
        }
        return devices;
    }

    /** DeviceIDs of these. */
    public static List<Integer> requesters(Iommu iommu) {
        List<Integer> requesters = new ArrayList<>();
        for (int requester = 0; requester < end(iommu); requester++) {
            if (said(iommu, requester) != null) {
                requesters.add(requester);
            }
        }
        return requesters;
    }

    /** Segments share the size of the first table at most. */
    private static int end(Iommu iommu) {
        return Math.min(
                DEVICES, RegisterDescriptor.deviceEntries(iommu.register(RegisterDescriptor.DEVICE_TABLE_BASE)));
    }

    private static @Nullable DeviceEntry said(Iommu iommu, int requester) {
        DeviceEntry entry = iommu.deviceEntry(requester);
        if (entry == null) {
            return null;
        }
        boolean isSaid = (entry.quadword(0) & ~VALID_BITS) != 0;
        for (int i = 1; i < QUADWORDS; i++) {
            isSaid |= entry.quadword(i) != 0;
        }
        return isSaid ? entry : null;
    }

    /** How many devices have a valid entry that refuses all: what drivers write for those that nobody uses. */
    public static int refused(Iommu iommu) {
        int count = 0;
        for (int requester = 0; requester < end(iommu); requester++) {
            DeviceEntry entry = iommu.deviceEntry(requester);
            count += entry != null && entry.isValid() && said(iommu, requester) == null ? 1 : 0;
        }
        return count;
    }

    /** One entry. */
    public static Map<String, Object> device(int requester, DeviceEntry entry) {
        Map<String, Object> tree = new LinkedHashMap<>();
        tree.put("device", EventTable.bdf(requester));
        tree.put("valid", entry.isValid());
        tree.put("translationValid", entry.isTranslationValid());
        tree.put("mode", entry.mode());
        tree.put("domain", entry.domain());
        tree.put("root", Notation.hex(entry.root()));
        tree.put("rights", rights(entry.rights()));
        tree.put("guestValid", entry.isGuestValid());
        tree.put("interruptValid", entry.isInterruptValid());
        tree.put("interruptRoot", Notation.hex(entry.interruptRoot()));
        tree.put("address", Notation.hex(entry.address()));
        return tree;
    }

    /** Rights as two letters. */
    static String rights(int rights) {
        return ((rights & READ) != 0 ? "r" : "-") + ((rights & WRITE) != 0 ? "w" : "-");
    }

    /** The domains that valid entries name or translations are cached for, by DomainID. */
    public static List<Map<String, Object>> domains(Iommu iommu) {
        Map<Integer, List<String>> devices = new TreeMap<>();
        Map<Integer, List<String>> roots = new TreeMap<>();
        Map<Integer, Integer> cached = new TreeMap<>();
        for (int requester : requesters(iommu)) {
            DeviceEntry entry = iommu.deviceEntry(requester);
            if (entry != null && entry.isValid()) {
                devices.computeIfAbsent(entry.domain(), domain -> new ArrayList<>())
                        .add(EventTable.bdf(requester));
                List<String> known = roots.computeIfAbsent(entry.domain(), domain -> new ArrayList<>());
                String root = Notation.hex(entry.root()) + " mode " + entry.mode();
                if (!known.contains(root)) {
                    known.add(root);
                }
            }
        }
        for (CachedTranslation each : iommu.cachedTranslations()) {
            cached.merge(each.domain(), 1, Integer::sum);
            devices.computeIfAbsent(each.domain(), domain -> new ArrayList<>());
        }
        List<Map<String, Object>> domains = new ArrayList<>();
        devices.forEach((domain, members) -> {
            Map<String, Object> tree = new LinkedHashMap<>();
            tree.put("domain", domain);
            tree.put("roots", roots.getOrDefault(domain, List.of()));
            tree.put("cached", cached.getOrDefault(domain, 0));
            tree.put("devices", members);
            domains.add(tree);
        });
        return domains;
    }
}
