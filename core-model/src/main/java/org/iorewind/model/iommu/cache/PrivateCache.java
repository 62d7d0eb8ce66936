package org.iorewind.model.iommu.cache;

import java.util.Arrays;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.Stateful;
import org.iorewind.model.iommu.AccessKind;

/**
 * Translations that hardware vIOMMU uses itself: DeviceID of the tables and 4 KiB frame of a private or guest physical address
 * to a frame, with what the device table entry and the tables permit together. One way. An entry goes with the device table
 * entry of its DeviceID, and with the pages of its DomainID (MC-V27). Not thread-safe; allocates nothing after construction.
 */
public final class PrivateCache implements Stateful {
    private static final long UNUSED = -1;
    private static final int FRAME_SHIFT = 12;
    private static final int RIGHTS = AccessKind.RIGHTS_ALL + 1;
    private static final int IDS = 1 << 16;
    private static final int SPREAD = 0x9E3779B1;

    private final long[] frames;
    private final int[] requesters;
    private final int[] domains;
    private final int[] rights;
    private final long[] pages;
    private int found;
    private int used;

    /**
     * An empty cache.
     *
     * @param size 0, or a power of two
     */
    public PrivateCache(int size) {
        this.frames = new long[size];
        this.requesters = new int[size];
        this.domains = new int[size];
        this.rights = new int[size];
        this.pages = new long[size];
        Arrays.fill(frames, UNUSED);
    }

    /** Looks for a translation that permits an access. */
    public boolean find(int requester, long address, AccessKind access) {
        if (used == 0) {
            return false;
        }
        long frame = address >>> FRAME_SHIFT;
        int slot = slot(requester, frame);
        found = slot;
        return frames[slot] == frame && requesters[slot] == requester && access.isAllowedBy(rights[slot]);
    }

    /** Where the address found leads. */
    public long physical(long address) {
        return pages[found] << FRAME_SHIFT | address & (1L << FRAME_SHIFT) - 1;
    }

    /** DomainID of the device table entry that was used. */
    public int domain() {
        return domains[found];
    }

    /**
     * Remembers a translation.
     *
     * @param requester DeviceID, 16 bits
     * @param domain DomainID, 16 bits
     * @param granted 1 read, 2 write
     */
    public void insert(int requester, int domain, long address, long physical, int granted) {
        if (frames.length == 0) {
            return;
        }
        long frame = address >>> FRAME_SHIFT;
        int slot = slot(requester, frame);
        used += frames[slot] == UNUSED ? 1 : 0;
        set(slot, requester, domain, frame, physical >>> FRAME_SHIFT, granted);
    }

    private void set(int slot, int requester, int domain, long frame, long page, int granted) {
        frames[slot] = frame;
        requesters[slot] = requester;
        domains[slot] = domain;
        pages[slot] = page;
        rights[slot] = granted;
    }

    /** INVALIDATE_DEVTAB_ENTRY. */
    public void invalidateDevice(int requester) {
        for (int slot = 0; slot < frames.length && used > 0; slot++) {
            if (frames[slot] != UNUSED && requesters[slot] == requester) {
                drop(slot);
            }
        }
    }

    /** INVALIDATE_IOMMU_PAGES with GN=0, for an inclusive, unsigned range. */
    public void invalidate(int domain, long first, long last) {
        for (int slot = 0; slot < frames.length && used > 0; slot++) {
            if (frames[slot] != UNUSED
                    && domains[slot] == domain
                    && frames[slot] >= first >>> FRAME_SHIFT
                    && frames[slot] <= last >>> FRAME_SHIFT) {
                drop(slot);
            }
        }
    }

    /** Drops everything of these domains. */
    public void invalidateDomains(IdSet meant) {
        for (int slot = 0; slot < frames.length && used > 0; slot++) {
            if (frames[slot] != UNUSED && meant.contains(domains[slot])) {
                drop(slot);
            }
        }
    }

    /** Drops everything. */
    public void invalidateAll() {
        Arrays.fill(frames, UNUSED);
        used = 0;
    }

    private void drop(int slot) {
        frames[slot] = UNUSED;
        used--;
    }

    private int slot(int requester, long frame) {
        return ((int) (frame ^ frame >>> 16) + requester) * SPREAD >>> 16 & frames.length - 1;
    }

    @Override
    public void saveTo(StateSink sink) {
        for (int slot = 0; slot < frames.length; slot++) {
            if (frames[slot] != UNUSED) {
                sink.addLong(slot);
                sink.addLong(requesters[slot]);
                sink.addLong(domains[slot]);
                sink.addLong(frames[slot]);
                sink.addLong(pages[slot]);
                sink.addLong(rights[slot]);
            }
        }
        sink.addLong(StateSink.END);
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        invalidateAll();
        for (int slot = source.nextIndex(frames.length); slot >= 0; slot = source.nextIndex(frames.length)) {
            int requester = source.nextBelow(IDS);
            int domain = source.nextBelow(IDS);
            long frame = source.next();
            set(slot, requester, domain, frame, source.next(), source.nextBelow(RIGHTS));
            used++;
        }
    }
}
