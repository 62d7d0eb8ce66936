package org.iorewind.model.iommu.cache;

import java.util.Arrays;
import org.iorewind.model.StateImage;
import org.iorewind.model.StateSink;

/**
 * The host leaf TLB and the guest TLB (reference 9.1), set-associative, least recently used out.
 *
 * <pre>
 *   host    DomainID  no PASID  frame of the IOVA  ─▶  page, rights
 *   guest   DomainID  PASID     frame of the GVA   ─▶  page of both stages, rights, size of the guest's page, combined?
 * </pre>
 *
 * <p>Both share the sets, but an entry of one kind never answers for the other.
 *
 * <p>An entry serves one 4 KiB frame; a large page takes an entry for each frame that is used (MC-6). The rights are those
 * of the tables; the device table entry's are added by the user, since devices share a domain. Within a set the entries
 * stand in the order of their last use, which is part of the state. Not thread-safe; allocates nothing after construction.
 */
public final class SetAssociativeTlb implements TranslationCache {
    private static final int FRAME_SHIFT = 12;
    private static final int UNUSED = -1;
    private static final int NO_PASID = -1;
    private static final int DOMAINS = 1 << 16;
    private static final int PASIDS = 1 << 20;
    private static final int SPREAD = 0x9E3779B1;

    private final int setMask;
    private final int ways;
    private final int[] domains;
    private final int[] pasids;
    private final long[] frames;
    private final long[] results;
    private final byte[] shifts;
    private final byte[] rights;
    private final byte[] spans;
    private final boolean[] combined;
    private int found;

    /**
     * An empty cache.
     *
     * @param sets a power of two
     * @param ways at least 1
     */
    public SetAssociativeTlb(int sets, int ways) {
        int size = sets * ways;
        this.setMask = sets - 1;
        this.ways = ways;
        this.domains = new int[size];
        this.pasids = new int[size];
        this.frames = new long[size];
        this.results = new long[size];
        this.shifts = new byte[size];
        this.rights = new byte[size];
        this.spans = new byte[size];
        this.combined = new boolean[size];
        Arrays.fill(domains, UNUSED);
    }

    @Override
    public boolean findForDevice(int requester, long address) {
        return false;
    }

    @Override
    public boolean findForDomain(int domain, long address) {
        return find(domain, NO_PASID, address);
    }

    @Override
    public boolean findForGuest(int domain, int pasid, long address) {
        return find(domain, pasid, address);
    }

    private boolean find(int domain, int pasid, long address) {
        long frame = address >>> FRAME_SHIFT;
        int first = firstOfSet(domain, frame);
        for (int i = first; i < first + ways; i++) {
            if (domains[i] == domain && frames[i] == frame && pasids[i] == pasid) {
                moveToFront(first, i);
                found = first;
                return true;
            }
        }
        return false;
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
        return false;
    }

    @Override
    public void insert(int requester, int domain, long address, long result, int pageShift, int pageRights) {
        insertGuest(domain, NO_PASID, address, result, pageShift, pageRights, pageShift, false);
    }

    @Override
    public void insertGuest(
            int domain,
            int pasid,
            long address,
            long result,
            int pageShift,
            int pageRights,
            int guestShift,
            boolean isCombined) {
        long frame = address >>> FRAME_SHIFT;
        int first = firstOfSet(domain, frame);
        if (!find(domain, pasid, address)) {
            moveToFront(first, first + ways - 1);
        }
        domains[first] = domain;
        pasids[first] = pasid;
        frames[first] = frame;
        results[first] = result;
        shifts[first] = (byte) pageShift;
        rights[first] = (byte) pageRights;
        spans[first] = (byte) guestShift;
        combined[first] = isCombined;
    }

    @Override
    public void insertPassed(int requester, int domain, long address, int passedRights) {
        // Mode 0 needs no table, so there is nothing worth remembering.
    }

    @Override
    public boolean ignoresGuestBit() {
        return false;
    }

    @Override
    public int invalidateDomain(int domain, long first, long last) {
        return invalidate(domain, NO_PASID, first, last);
    }

    @Override
    public int invalidateGuest(int domain, int pasid, long first, long last) {
        return invalidate(domain, pasid, first, last);
    }

    private int invalidate(int domain, int pasid, long first, long last) {
        int dropped = 0;
        for (int i = 0; i < domains.length; i++) {
            if (domains[i] == domain && pasids[i] == pasid && overlaps(i, first, last)) {
                clear(i);
                dropped++;
            }
        }
        return dropped;
    }

    @Override
    public int invalidateCombined(int domain) {
        int dropped = 0;
        for (int i = 0; i < domains.length; i++) {
            if (domains[i] == domain && combined[i]) {
                clear(i);
                dropped++;
            }
        }
        return dropped;
    }

    private boolean overlaps(int i, long first, long last) {
        long size = 1L << spans[i];
        long pageFirst = frames[i] << FRAME_SHIFT & -size;
        return Long.compareUnsigned(pageFirst, last) <= 0 && Long.compareUnsigned(first, pageFirst + size - 1) <= 0;
    }

    @Override
    public int invalidateDevice(int requester, boolean manyPages, long address) {
        return NOT_CONCERNED;
    }

    @Override
    public int invalidateAll() {
        int dropped = 0;
        for (int i = 0; i < domains.length; i++) {
            if (domains[i] != UNUSED) {
                clear(i);
                dropped++;
            }
        }
        return dropped;
    }

    @Override
    public void saveTo(StateSink sink) {
        for (int i = 0; i < domains.length; i++) {
            if (domains[i] != UNUSED) {
                sink.addLong(i);
                sink.addLong(domains[i]);
                sink.addLong(pasids[i]);
                sink.addLong(frames[i]);
                sink.addLong(results[i]);
                sink.addLong(shifts[i]);
                sink.addLong(rights[i]);
                sink.addLong(spans[i]);
                sink.addLong(combined[i] ? 1 : 0);
            }
        }
        sink.addLong(StateSink.END);
    }

    @Override
    public void restoreFrom(StateImage.Reader source) {
        invalidateAll();
        for (int i = source.nextIndex(domains.length); i >= 0; i = source.nextIndex(domains.length)) {
            domains[i] = source.nextBelow(DOMAINS);
            pasids[i] = source.nextIndex(PASIDS);
            frames[i] = source.next();
            results[i] = source.next();
            shifts[i] = (byte) source.nextBelow(Long.SIZE);
            rights[i] = (byte) source.next();
            spans[i] = (byte) source.nextBelow(Long.SIZE);
            combined[i] = source.nextBelow(2) != 0;
        }
    }

    private int firstOfSet(int domain, long frame) {
        return ((int) (frame ^ frame >>> 9) + domain * SPREAD & setMask) * ways;
    }

    private void clear(int i) {
        domains[i] = UNUSED;
        pasids[i] = 0;
        frames[i] = 0;
        results[i] = 0;
        shifts[i] = 0;
        rights[i] = 0;
        spans[i] = 0;
        combined[i] = false;
    }

    private void moveToFront(int first, int from) {
        int moved = from - first;
        if (moved == 0) {
            return;
        }
        int domain = domains[from];
        int pasid = pasids[from];
        long frame = frames[from];
        long result = results[from];
        byte shift = shifts[from];
        byte right = rights[from];
        byte span = spans[from];
        boolean isCombined = combined[from];
        System.arraycopy(domains, first, domains, first + 1, moved);
        System.arraycopy(pasids, first, pasids, first + 1, moved);
        System.arraycopy(frames, first, frames, first + 1, moved);
        System.arraycopy(results, first, results, first + 1, moved);
        System.arraycopy(shifts, first, shifts, first + 1, moved);
        System.arraycopy(rights, first, rights, first + 1, moved);
        System.arraycopy(spans, first, spans, first + 1, moved);
        System.arraycopy(combined, first, combined, first + 1, moved);
        domains[first] = domain;
        pasids[first] = pasid;
        frames[first] = frame;
        results[first] = result;
        shifts[first] = shift;
        rights[first] = right;
        spans[first] = span;
        combined[first] = isCombined;
    }
}
