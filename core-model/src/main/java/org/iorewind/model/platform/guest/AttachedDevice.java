package org.iorewind.model.platform.guest;

import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.iorewind.model.platform.driver.Gcr3Table;
import org.jspecify.annotations.Nullable;

/** A device that a driver has given an address space. Not thread-safe. */
final class AttachedDevice {
    private final int requester;
    private final DeviceTraits traits;
    private final DmaDomain domain;
    private final int domainId;
    private final @Nullable Gcr3Table gcr3;

    /** Address spaces of processes by their PASID. */
    private final NavigableMap<Integer, ProcessSpace> spaces = new TreeMap<>();

    AttachedDevice(int requester, DeviceTraits traits, DmaDomain domain, int domainId, @Nullable Gcr3Table gcr3) {
        this.requester = requester;
        this.traits = traits;
        this.domain = domain;
        this.domainId = domainId;
        this.gcr3 = gcr3;
    }

    int requester() {
        return requester;
    }

    DeviceTraits traits() {
        return traits;
    }

    DmaDomain domain() {
        return domain;
    }

    /** The DomainID in its device table entry: its own with v2 tables, that of the domain otherwise. */
    int domainId() {
        return domainId;
    }

    /** Roots of its v2 tables, with v2 tables only. */
    @Nullable
    Gcr3Table gcr3() {
        return gcr3;
    }

    NavigableMap<Integer, ProcessSpace> spaces() {
        return spaces;
    }

    /** Its DeviceID and its aliases. */
    List<Integer> requesters() {
        List<Integer> all = new ArrayList<>();
        all.add(requester);
        all.addAll(traits.aliases());
        return all;
    }
}
