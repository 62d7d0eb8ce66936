package org.iorewind.analyze.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import org.agrona.collections.Int2IntCounterMap;
import org.jspecify.annotations.Nullable;

/** The guest tables that one GCR3 table root leads to, by PASID. */
final class Gcr3Tree {
    private final int iommu;
    private final int guestLevels;
    private final AddressSpace.Translator translator;
    private final Int2IntCounterMap domains = new Int2IntCounterMap(0);
    private final Map<Integer, AddressSpace> spaces = new LinkedHashMap<>();
    private int lastDomain;
    private int lastDevice = -1;

    Gcr3Tree(int iommu, int guestLevels, AddressSpace.Translator translator) {
        this.iommu = iommu;
        this.guestLevels = guestLevels;
        this.translator = translator;
    }

    long system(long address) {
        return translator.system(address);
    }

    boolean isLive() {
        return !domains.isEmpty();
    }

    void attached(int domain, int device) {
        domains.getAndIncrement(domain);
        lastDomain = domain;
        lastDevice = device;
        spaces.values().forEach(space -> space.noteUser(domain, device));
    }

    void detached(int domain) {
        domains.getAndDecrement(domain);
    }

    /** The address space of a PASID, or null. */
    @Nullable
    AddressSpace known(int pasid) {
        return spaces.get(pasid);
    }

    /** The address space of a PASID; another root makes another one. */
    AddressSpace space(int pasid, long root) {
        @Nullable AddressSpace known = spaces.get(pasid);
        if (known != null && known.root() == root) {
            return known;
        }
        AddressSpace space = new AddressSpace(iommu, root, guestLevels, pasid, translator, domains);
        space.noteUser(lastDomain, lastDevice);
        spaces.put(pasid, space);
        return space;
    }
}
