package org.iorewind.model.iommu.cache;

import java.util.Arrays;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.CacheCounts;
import org.iorewind.model.iommu.table.DeviceEntry;
import org.iorewind.model.iommu.table.DeviceEntryDescriptor;

/**
 * The device table cache (reference 9.1): tagged by DeviceID, one way; a size of 0 caches nothing.
 *
 * <p>It also remembers, for each cached entry, whether a fault was reported since it was fetched, which SE needs
 * (reference 4.4). Not thread-safe; allocates nothing after construction.
 */
public final class DeviceEntryCache implements Stateful {
    private static final int UNUSED = -1;
    private static final int DEVICES = 1 << 16;

    private final int[] requesters;
    private final long[] addresses;
    private final long[] quadwords;
    private final boolean[] faulted;
    private final CacheCounters counters = new CacheCounters();

    /**
     * An empty cache.
     *
     * @param size 0 or a power of two
     */
    public DeviceEntryCache(int size) {
        this.requesters = new int[size];
        this.addresses = new long[size];
        this.quadwords = new long[size * DeviceEntryDescriptor.QUADWORDS];
        this.faulted = new boolean[size];
        Arrays.fill(requesters, UNUSED);
    }

    /** Copies the cached entry of a DeviceID, if there is one. */
    public boolean find(int requester, DeviceEntry entry) {
        if (requesters.length == 0) {
            return false;
        }
        int slot = slotOf(requester);
        if (!counters.looked(slot != UNUSED)) {
            return false;
        }
        int q = slot * DeviceEntryDescriptor.QUADWORDS;
        entry.set(addresses[slot], quadwords[q], quadwords[q + 1], quadwords[q + 2], quadwords[q + 3]);
        return true;
    }

    /** Remembers an entry, in the place of another if need be. */
    public void insert(int requester, DeviceEntry entry) {
        if (requesters.length == 0) {
            return;
        }
        int slot = requester & requesters.length - 1;
        counters.inserted();
        if (requesters[slot] != UNUSED && requesters[slot] != requester) {
            counters.evicted(1);
        }
        requesters[slot] = requester;
        addresses[slot] = entry.address();
        faulted[slot] = false;
        for (int i = 0; i < DeviceEntryDescriptor.QUADWORDS; i++) {
            quadwords[slot * DeviceEntryDescriptor.QUADWORDS + i] = entry.quadword(i);
        }
    }

    /** Notes that a fault of this device was logged. */
    public void noteFault(int requester) {
        int slot = slotOf(requester);
        if (slot != UNUSED) {
            faulted[slot] = true;
        }
    }

    /** Whether a fault of this device was logged since its entry was cached. */
    public boolean hasLoggedFault(int requester) {
        int slot = slotOf(requester);
        return slot != UNUSED && faulted[slot];
    }

    /** INVALIDATE_DEVTAB_ENTRY. */
    public void invalidate(int requester) {
        int slot = slotOf(requester);
        if (slot != UNUSED) {
            requesters[slot] = UNUSED;
            counters.dropped(1);
        }
    }

    /** Drops the entries of these devices. */
    public void invalidateDevices(IdSet devices) {
        for (int slot = 0; slot < requesters.length; slot++) {
            if (requesters[slot] != UNUSED && devices.contains(requesters[slot])) {
                requesters[slot] = UNUSED;
                counters.dropped(1);
            }
        }
    }

    /** Drops everything. */
    public void invalidateAll() {
        for (int requester : requesters) {
            counters.dropped(requester == UNUSED ? 0 : 1);
        }
        Arrays.fill(requesters, UNUSED);
    }

    /** What the cache has done. */
    public CacheCounts counts() {
        return counters.counts();
    }

    @Override
    public void saveTo(StateSink sink) {
        for (int slot = 0; slot < requesters.length; slot++) {
            if (requesters[slot] != UNUSED) {
                sink.addLong(slot);
                sink.addLong((long) requesters[slot] << 1 | (faulted[slot] ? 1 : 0));
                sink.addLong(addresses[slot]);
                for (int i = 0; i < DeviceEntryDescriptor.QUADWORDS; i++) {
                    sink.addLong(quadwords[slot * DeviceEntryDescriptor.QUADWORDS + i]);
                }
            }
        }
        sink.addLong(StateSink.END);
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        Arrays.fill(requesters, UNUSED);
        for (int slot = source.nextIndex(requesters.length); slot >= 0; slot = source.nextIndex(requesters.length)) {
            int tag = source.nextBelow(DEVICES << 1);
            requesters[slot] = tag >>> 1;
            faulted[slot] = (tag & 1) != 0;
            addresses[slot] = source.next();
            for (int i = 0; i < DeviceEntryDescriptor.QUADWORDS; i++) {
                quadwords[slot * DeviceEntryDescriptor.QUADWORDS + i] = source.next();
            }
        }
    }

    private int slotOf(int requester) {
        if (requesters.length == 0) {
            return UNUSED;
        }
        int slot = requester & requesters.length - 1;
        return requesters[slot] == requester ? slot : UNUSED;
    }
}
