package org.iorewind.model.iommu.cache;

import java.util.Arrays;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;

/**
 * Entries of guests' DeviceID and DomainID maps (amd-viommu reference 4): a valid entry stays until a map-control write to
 * it (MC-V18), RESET_VMMIO of the guest, or an invalidation of the domain of the private address space. One way; not
 * thread-safe; allocates nothing after construction.
 */
public final class IdMapCache implements Stateful {
    private static final int UNUSED = -1;
    private static final int GUEST_SHIFT = 17;
    private static final int GUESTS = 1 << 16;
    private static final int DEVICES = 1 << 16;
    private static final int IDS = 1 << 16;
    private static final int SPREAD = 0x9E3779B1;
    private static final int NO_DOMAIN = -1;

    private final long[] tags;
    private final int[] hosts;
    private int domain = NO_DOMAIN;
    private int found;

    /**
     * An empty cache.
     *
     * @param size 0, or a power of two
     */
    public IdMapCache(int size) {
        this.tags = new long[size];
        this.hosts = new int[size];
        Arrays.fill(tags, UNUSED);
    }

    /** Looks an ID of a guest up: a DeviceID or a DomainID, of 16 bits. */
    public boolean find(int guest, boolean isDevice, int id) {
        long tag = tag(guest, isDevice, id);
        found = slot(tag);
        return tags[found] == tag;
    }

    /** The host's ID found. */
    public int hostId() {
        return hosts[found];
    }

    /** Remembers an entry that was read by way of this domain. */
    public void insert(int guest, boolean isDevice, int id, int host, int privateDomain) {
        long tag = tag(guest, isDevice, id);
        int slot = slot(tag);
        tags[slot] = tag;
        hosts[slot] = host;
        domain = privateDomain;
    }

    /** Drops an entry. */
    public void invalidate(int guest, boolean isDevice, int id) {
        if (find(guest, isDevice, id)) {
            tags[found] = UNUSED;
        }
    }

    /** Drops all of a guest. */
    public void invalidateGuest(int guest) {
        for (int slot = 0; slot < tags.length; slot++) {
            if (tags[slot] >> GUEST_SHIFT == guest) {
                tags[slot] = UNUSED;
            }
        }
    }

    /** INVALIDATE_IOMMU_PAGES of the host drops everything if it names the domain by which entries were read. */
    public void invalidateDomain(int invalidated) {
        if (invalidated == domain) {
            invalidateAll();
        }
    }

    /** Drops everything. */
    public void invalidateAll() {
        Arrays.fill(tags, UNUSED);
        domain = NO_DOMAIN;
    }

    @Override
    public void saveTo(StateSink sink) {
        sink.addLong(domain + 1L);
        for (int slot = 0; slot < tags.length; slot++) {
            if (tags[slot] != UNUSED) {
                sink.addLong(slot);
                sink.addLong(tags[slot] >>> GUEST_SHIFT);
                sink.addLong(tags[slot] & (1 << GUEST_SHIFT) - 1);
                sink.addLong(hosts[slot]);
            }
        }
        sink.addLong(StateSink.END);
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        Arrays.fill(tags, UNUSED);
        domain = source.nextBelow(IDS + 1) - 1;
        for (int slot = source.nextIndex(tags.length); slot >= 0; slot = source.nextIndex(tags.length)) {
            long guest = source.nextBelow(GUESTS);
            tags[slot] = guest << GUEST_SHIFT | source.nextBelow(IDS + DEVICES);
            hosts[slot] = source.nextBelow(IDS);
        }
    }

    private int slot(long tag) {
        return (int) tag * SPREAD >>> 16 & tags.length - 1;
    }

    private static long tag(int guest, boolean isDevice, int id) {
        return (long) guest << GUEST_SHIFT | (isDevice ? IDS : 0) | id;
    }
}
