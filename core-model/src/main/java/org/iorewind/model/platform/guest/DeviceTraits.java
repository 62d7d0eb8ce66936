package org.iorewind.model.platform.guest;

import java.util.List;

/**
 * What a driver knows of a device.
 *
 * @param invalidationDepth most invalidation requests that the device's cache takes at once, 1 to 32; 0 without ATS
 * @param usesPageRequests whether it asks for pages (PRI); needs ATS
 * @param pasidBits bits of the PASIDs that it can send, 1 to 20; 0 if it sends none
 * @param aliases further DeviceIDs that its requests may carry
 */
public record DeviceTraits(int invalidationDepth, boolean usesPageRequests, int pasidBits, List<Integer> aliases) {
    private static final int DEEPEST = 32;
    private static final int ALL_PASID_BITS = 20;

    /** Copies the aliases. */
    public DeviceTraits {
        aliases = List.copyOf(aliases);
    }

    /** A device without a cache of its own. */
    public static DeviceTraits plain() {
        return new DeviceTraits(0, false, 0, List.of());
    }

    /** A device with ATS. */
    public static DeviceTraits withAts() {
        return new DeviceTraits(DEEPEST, false, 0, List.of());
    }

    /** A device with ATS, PRI and all PASIDs: one that can share the address space of a process. */
    public static DeviceTraits forSharing() {
        return new DeviceTraits(DEEPEST, true, ALL_PASID_BITS, List.of());
    }

    /** The same with further DeviceIDs. */
    public DeviceTraits aliases(Integer... requesters) {
        return new DeviceTraits(invalidationDepth, usesPageRequests, pasidBits, List.of(requesters));
    }

    /** Whether the device has a cache of its own. */
    public boolean hasAts() {
        return invalidationDepth != 0;
    }

    /** The same with this many bits of PASIDs. */
    public DeviceTraits pasidBits(int bits) {
        return new DeviceTraits(invalidationDepth, usesPageRequests, bits, aliases);
    }
}
