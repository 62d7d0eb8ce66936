package org.iorewind.model.iommu.quirk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;
import org.iorewind.model.iommu.EffectSink;
import org.iorewind.model.iommu.cache.CacheCounters;
import org.iorewind.model.iommu.cache.CachedTranslation;
import org.iorewind.model.iommu.cache.TranslationCache;

/**
 * QEMU's IOTLB (Q-IOTLB-1 to Q-IOTLB-6, Q-IOTLB-9): a map from (DeviceID, 4 KiB frame of the IOVA) to a page, 1024 entries; an insert
 * that finds it full empties it first, even when it replaces an entry. What passes by Mode 0 is kept too. Entries stand in
 * the order of their insertion. Not thread-safe; allocates nothing after construction.
 */
final class QemuTlb implements TranslationCache {
    private static final int CAPACITY = 1024;
    private static final int SLOTS = 4 * CAPACITY;
    private static final int FRAME_SHIFT = 12;
    private static final int EMPTY = -1;
    private static final int KEYS = 1 << 16;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final DeviceInvalidation deviceInvalidation;
    private final int[] slots = new int[SLOTS];
    private final int[] requesters = new int[CAPACITY];
    private final int[] domains = new int[CAPACITY];
    private final long[] frames = new long[CAPACITY];
    private final long[] results = new long[CAPACITY];
    private final byte[] shifts = new byte[CAPACITY];
    private final byte[] rights = new byte[CAPACITY];
    /** The slot that each place took, so that dropping costs what is there and not what could be. */
    private final int[] taken = new int[CAPACITY];

    private final CacheCounters hostCounters = new CacheCounters();
    private final CacheCounters guestCounters = new CacheCounters();
    private int count;
    private int found;

    /** What INVALIDATE_IOTLB_PAGES drops. */
    enum DeviceInvalidation {
        /** Nothing (10.0). */
        NOTHING,
        /** With S=0 one frame, with S=1 nothing (7.2). */
        ONE_PAGE,
        /** With S=0 one frame, with S=1 all of the device (11.1). */
        ALL
    }

    /** An empty map. */
    QemuTlb(DeviceInvalidation deviceInvalidation) {
        this.deviceInvalidation = deviceInvalidation;
        Arrays.fill(slots, EMPTY);
    }

    @Override
    public boolean findForDevice(int requester, long address) {
        int entry = slots[slotOf(requester, address >>> FRAME_SHIFT)];
        if (entry != EMPTY) {
            found = entry;
        }
        return hostCounters.looked(entry != EMPTY);
    }

    @Override
    public boolean findForDomain(int domain, long address) {
        return false;
    }

    @Override
    public boolean holds(int requester, int domain, long address) {
        return slots[slotOf(requester, address >>> FRAME_SHIFT)] != EMPTY;
    }

    @Override
    public List<CachedTranslation> entries() {
        List<CachedTranslation> entries = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            entries.add(new CachedTranslation(
                    requesters[i],
                    domains[i],
                    EffectSink.NO_PASID,
                    frames[i] << FRAME_SHIFT,
                    results[i],
                    shifts[i],
                    rights[i],
                    shifts[i] == 0,
                    false));
        }
        return entries;
    }

    @Override
    public long result() {
        return results[found];
    }

    @Override
    public int pageShift() {
        return shifts[found];
    }

    @Override
    public int rights() {
        return rights[found];
    }

    @Override
    public int domain() {
        return domains[found];
    }

    @Override
    public boolean isPassed() {
        return shifts[found] == 0;
    }

    @Override
    public void insert(int requester, int domain, long address, long result, int pageShift, int pageRights) {
        if (pageRights == 0) {
            return;
        }
        if (count == CAPACITY) {
            hostCounters.evicted(shrinkTo(0));
        }
        hostCounters.inserted();
        put(requester, domain, address, result, pageShift, pageRights);
    }

    private void put(int requester, int domain, long address, long result, int pageShift, int pageRights) {
        long frame = address >>> FRAME_SHIFT;
        int slot = slotOf(requester, frame);
        int entry = slots[slot] == EMPTY ? count++ : slots[slot];
        slots[slot] = entry;
        taken[entry] = slot;
        requesters[entry] = requester;
        domains[entry] = domain;
        frames[entry] = frame;
        results[entry] = result;
        shifts[entry] = (byte) pageShift;
        rights[entry] = (byte) pageRights;
    }

    @Override
    public void insertPassed(int requester, int domain, long address, int passedRights) {
        insert(requester, domain, address, address & -1L << FRAME_SHIFT, 0, passedRights);
    }

    @Override
    public boolean ignoresGuestBit() {
        return true;
    }

    @Override
    public int invalidateDomain(int domain, long first, long last) {
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (domains[i] != domain) {
                move(i, kept++);
            }
        }
        return dropDownTo(kept);
    }

    @Override
    public int invalidateDevice(int requester, boolean manyPages, long address) {
        boolean isDropping = switch (deviceInvalidation) {
            case NOTHING -> false;
            case ONE_PAGE -> !manyPages;
            case ALL -> true;
        };
        if (!isDropping) {
            return 0;
        }
        int kept = 0;
        for (int i = 0; i < count; i++) {
            boolean goes = requesters[i] == requester && (manyPages || frames[i] == address >>> FRAME_SHIFT);
            if (!goes) {
                move(i, kept++);
            }
        }
        return dropDownTo(kept);
    }

    @Override
    public int invalidateAll() {
        return dropDownTo(0);
    }

    @Override
    public CacheCounters hostCounters() {
        return hostCounters;
    }

    /** This cache keeps no guest translations. */
    @Override
    public CacheCounters guestCounters() {
        return guestCounters;
    }

    @Override
    public void saveTo(StateSink sink) {
        sink.addLong(count);
        for (int i = 0; i < count; i++) {
            sink.addLong(requesters[i]);
            sink.addLong(domains[i]);
            sink.addLong(frames[i]);
            sink.addLong(results[i]);
            sink.addLong(shifts[i]);
            sink.addLong(rights[i]);
        }
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        shrinkTo(0);
        int saved = source.nextBelow(CAPACITY + 1);
        for (int i = 0; i < saved; i++) {
            int requester = source.nextBelow(KEYS);
            int domain = source.nextBelow(KEYS);
            long frame = source.next();
            long result = source.next();
            int shift = source.nextBelow(Long.SIZE);
            put(requester, domain, frame << FRAME_SHIFT, result, shift, (int) source.next());
        }
    }

    private void move(int from, int to) {
        requesters[to] = requesters[from];
        domains[to] = domains[from];
        frames[to] = frames[from];
        results[to] = results[from];
        shifts[to] = shifts[from];
        rights[to] = rights[from];
    }

    private int dropDownTo(int kept) {
        int dropped = shrinkTo(kept);
        hostCounters.dropped(dropped);
        return dropped;
    }

    private int shrinkTo(int kept) {
        int dropped = count - kept;
        if (dropped > 0) {
            for (int i = 0; i < count; i++) {
                slots[taken[i]] = EMPTY;
            }
            count = kept;
            for (int i = 0; i < count; i++) {
                int slot = slotOf(requesters[i], frames[i]);
                slots[slot] = i;
                taken[i] = slot;
            }
        }
        return dropped;
    }

    /** Where the entry with this key is, or where it would go. */
    private int slotOf(int requester, long frame) {
        int slot = (int) ((frame * SPREAD + requester) * SPREAD >>> 40) & SLOTS - 1;
        while (slots[slot] != EMPTY && (frames[slots[slot]] != frame || requesters[slots[slot]] != requester)) {
            slot = slot + 1 & SLOTS - 1;
        }
        return slot;
    }
}
